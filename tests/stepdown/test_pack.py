"""The handover pack and the family's letter, as they are read on paper."""

from assessments.services import starting, writing
from assessments.services.writing import Words
from consent.models import Disclosure
from earlyhelp.access.identity import acting_as, acting_as_system
from earlyhelp.core import clock
from families.services import people
from plans.services import meetings
from plans.services.meetings import MeetingSaid
from stepdown.rules import StepSaid
from stepdown.services import completing, steps
from tests.assessments.test_forms import pdf_text
from tests.pages import copy_for_all, opened
from tests.plans.helpers import day
from tests.stepdown.helpers import agrees, leads, now, opened_for, people_of, social_worker, step


def handed_over(cast):
    sasha = social_worker()
    handed = opened_for(cast, sasha)
    agrees(handed, cast.school)
    leads(handed, cast.alice, cast.school)
    row = now(handed)
    wanda, otto = people_of(row.family)[:2]
    with acting_as(sasha):
        said = MeetingSaid(
            kind="taf",
            on=clock.today(),
            outcomes="Alice sees Otto every morning.",
            family_came=(wanda, otto),
            words={otto: "“I like the bus.”"},
            told="Alice tells Sasha.",
        )
        meetings.record(family=row.family, episode=row.episode, said=said, actor=sasha)
        people.add_address(
            family=row.family, person=wanda, lines="Secret Lane", postcode="MX19ZZ", do_not_disclose=True, actor=sasha
        )
    return row


def test_the_pack_holds_what_a_new_lead_begins_with_and_nothing_that_is_not_to_be_disclosed(cast, sign_in):
    row = handed_over(cast)
    alice, url = sign_in(cast.alice), f"{row.family.get_absolute_url()}step-down/pack/"
    paper = pdf_text(alice.post(url, copy_for_all(alice, url)))
    for words in (
        "Handover to early help", "“I like the bus.”",
        "whom they would like to lead", "Alice sees Otto every morning.", "What happens if they don’t take part: Alice tells Sasha.",
        "Sasha, Children’s social care: social worker", "Birch Primary School: basic and additional information",
    ):  # fmt: skip
        assert words in paper, (words, paper)
    assert "your lead practitioner" in paper
    lead = pdf_text(alice.post(url, opened(alice, url) | {"for_whom": "agency", "agency": str(cast.school.pk)}))
    assert "your lead practitioner" not in lead
    why = "Otto is safe at home, and school mornings are still hard."  # the services’ words, among themselves
    assert why in lead
    assert why not in paper
    assert "Secret Lane" not in paper
    assert "What is still missing" not in paper  # the family’s copy
    with acting_as_system("test"):
        assert Disclosure.objects.filter(what="The handover pack").exists()


def test_the_letter_tells_the_family_who_comes_and_when(cast, sign_in):
    row = handed_over(cast)
    alice, url = sign_in(cast.alice), f"{row.family.get_absolute_url()}step-down/letter/"
    form = opened(alice, url) | day("visit_on", clock.today() + clock.WEEK)
    paper = pdf_text(alice.post(url, form))
    for words in (
        "Alice at Birch Primary School is your lead practitioner now",
        "Sasha and Alice come to see you together",
        "30 November 2026",
    ):
        assert words in paper, paper


def test_the_letter_without_a_day_says_by_when_they_come(cast, sign_in):
    row = handed_over(cast)
    with acting_as(row.worker):
        said = StepSaid(clock.today(), "Sasha, North", "Alice rings Wanda on Monday.")
        steps.agree_at_panel(step_down=now(row), side="social_care", said=said, actor=row.worker)
    with acting_as(cast.locality):
        steps.agree_at_panel(step_down=now(row), side="early_help", said=said, actor=cast.locality)
    alice, url = sign_in(cast.alice), f"{row.family.get_absolute_url()}step-down/letter/"
    paper = pdf_text(alice.post(url, opened(alice, url)))
    assert "by 7 December 2026 at the latest" in paper
    assert "You can change your mind at any time: tell Alice" in paper


def test_after_it_is_complete_the_pack_is_there_for_the_lead(cast, sign_in):
    row = handed_over(cast)
    step(row, "case_note")
    with acting_as(row.worker):
        steps.choose_route(step_down=now(row), route="a", actor=row.worker)
        completing.complete(step_down=now(row), family_told="At home", actor=row.worker)
    url = f"{row.family.get_absolute_url()}step-down/pack/"
    assert sign_in(row.worker).get(url).status_code == 404
    alice = sign_in(cast.alice)
    assert "What is still missing" not in pdf_text(alice.post(url, copy_for_all(alice, url)))


def test_the_pack_says_what_a_child_needs_at_school_and_what_happened(cast, sign_in):
    row = handed_over(cast)
    alice, url = sign_in(cast.alice), f"{row.family.get_absolute_url()}step-down/pack/"
    with acting_as(cast.alice):
        assessment = starting.start(family=row.family, episode=row.episode, actor=cast.alice)
        writing.write(
            assessment=assessment,
            part="child",
            person=people_of(row.family)[1],
            words=Words({("send", 0, ""): "support", ("send_words", 0, ""): "A quiet place to read."}),
            actor=cast.alice,
            agency=cast.school,
        )
    paper = pdf_text(alice.post(url, copy_for_all(alice, url)))
    for words in (
        "SEN support at school or nursery",
        "A quiet place to read.",
        "What happened since",
        "Alice accepted to lead",
    ):
        assert words in paper, paper
