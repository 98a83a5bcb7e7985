"""Step-up to social care: nothing delays it, nothing is typed twice, and the answer says what becomes of early help."""

from datetime import timedelta

import pytest
from django.urls import reverse

from consent.models import Disclosure, Tier
from consent.services.ledger import record_choices
from consent.word import Choice
from earlyhelp.access.identity import acting_as, acting_as_system
from earlyhelp.core import clock
from earlyhelp.core.errors import Refused
from earlyhelp.timescales.models import Timescale
from earlyhelp.workspace.printing import what_the_family_is_told
from families.models import PersonDetails
from families.services import episodes, people
from plans.models import Outcome, Plan
from plans.services import meetings
from plans.services.meetings import MeetingSaid
from stepdown.models import StepUp
from stepdown.services import stepup
from tests.access.test_doors import person_of
from tests.assessments.test_forms import pdf_text
from tests.cast import child, episode_of, mother, set_procedure
from tests.pages import opened, text_of
from tests.plans.helpers import agreed_plan

FEAR = {
    "ground": "harm",
    "what": "Ada said that she is locked in at night.",
    "agreed": "not_asked",
    "because": "child_harm",
}


def page(name, family, *more):
    return reverse(name, args=[family.reference, *more])


def stepped_up(cast, family, **changes):
    said = {
        "about": [person_of(family, child).pk],
        "ground": "harm",
        "what": "x",
        "tried": "",
        "agreed": "no",
        "because": "child_harm",
    }
    with acting_as(cast.alice):
        return stepup.step_up(
            family=family,
            episode=episode_of(family),
            said=stepup.Said(**said | changes),
            actor=cast.alice,
            agency=cast.school,
        )


def test_in_fear_for_a_child_without_agreement_and_returned_with_advice(cast, sign_in, family):
    ada, alice = person_of(family, child), sign_in(cast.alice)
    with acting_as(cast.alice):
        people.add_address(
            family=family,
            person=None,
            lines="1 High Street",
            postcode="MX1 2AB",
            do_not_disclose=False,
            actor=cast.alice,
        )
        people.add_address(
            family=family, person=person_of(family, mother), lines="Secret Lane", postcode="MX1 9ZZ", do_not_disclose=True, actor=cast.alice
        )  # fmt: skip
    with acting_as_system("test"):
        PersonDetails.objects.filter(person=person_of(family, mother)).update(interpreter=True, language="Igbo")
        people.add_contact_detail(
            person=person_of(family, mother), kind="phone", value="01632 960777", must_not_know="Her former partner", actor=cast.alice
        )  # fmt: skip
    assert page("step_up", family) in alice.get(page("plan", family)).content.decode()
    asks = text_of(alice.get(page("step_up", family)))
    assert asks.index("Call 999 now. No form comes first.") < asks.index("Which children is it about?")
    assert "01632 960001" in asks
    shown = alice.post(page("step_up", family), FEAR | {"about": [str(ada.pk)]}, follow=True)
    text = text_of(shown)
    for words in (
        "Ada Okafor, child or young person, born 9 June 2017 (the concern is about them)",
        "Address of the family: 1 High Street, MX1 2AB",
        "1 address is not to be disclosed. Ring for it.",
        "Lead practitioner: Alice",
        "The family was not asked, or could not be reached. It is shared all the same: A child may be suffering",
        "It was not talked over with anybody first.",
        "Social care doesn’t know of this yet.",
        "Phone, Grace: 01632 960777",
        "these must not know of it: Her former partner",
        "needs an interpreter (Igbo)",
        "Do not disclose where",
    ):
        assert words in text, text
    assert "Secret Lane" not in text
    with acting_as_system("test"):
        row, deadline = StepUp.objects.get(), Timescale.objects.get(kind="step_up_written")
    assert deadline.due_at == row.made_at + timedelta(hours=24)
    assert "The family" in text_of(sign_in(cast.charlie).get(reverse("messages")))
    alice.post(page("sent_step_up", family, row.pk), {"how": "Their online form"})
    with acting_as_system("test"):
        assert Timescale.objects.get(kind="step_up_written").met_at
    answer = page("answer_step_up", family, row.pk)
    form = opened(alice, answer) | {
        "outcome": "advice", "words": "Lock the window, not the door; ring again if it happens.", "by": "Duty worker", "then": "alongside",
    }  # fmt: skip
    shown = text_of(alice.post(answer, form, follow=True))
    assert "Returned with advice" in shown
    assert "Early help goes on alongside" in shown
    assert "Social care was told" in text_of(alice.get(page("chronology", family)))
    assert sign_in(cast.charlie).get(answer).status_code == 403  # who recorded it, or the lead, puts it right


def test_needs_that_rise_say_what_was_tried(cast, sign_in, family):
    ada, alice = person_of(family, child), sign_in(cast.alice)
    said = FEAR | {"about": [str(ada.pk)], "ground": "rising", "agreed": "yes", "agreed_by": "Grace", "because": ""}
    shown = text_of(alice.post(page("step_up", family), said))
    assert "Enter what early help has tried" in shown
    assert "Ada said that she is locked in at night." in shown
    with pytest.raises(Refused, match="what early help has tried"):
        stepped_up(cast, family, ground="rising", agreed="yes", because="")


def test_without_agreement_the_ground_is_named_and_an_adviser_is_not_waited_for(cast, sign_in, family):
    ada, alice = person_of(family, child), sign_in(cast.alice)
    said = FEAR | {"about": [str(ada.pk)], "because": ""}
    assert "Select why it is shared without agreement" in text_of(alice.post(page("step_up", family), said))


def test_it_is_read_where_the_child_is_known_and_nowhere_else(cast, sign_in, family):
    ada = person_of(family, child)
    row = stepped_up(cast, family)
    charlie = sign_in(cast.charlie)
    assert charlie.get(page("show_step_up", family, row.pk)).status_code == 200
    with acting_as_system("test"):
        choice = Choice(ada, cast.health, Tier.NONE, mother(family))
        record_choices(family=family, choices=[choice], actor=cast.alice)
    assert charlie.get(page("show_step_up", family, row.pk)).status_code == 404


def test_it_is_open_also_when_early_help_has_ended(cast, sign_in, family):
    with acting_as(cast.alice):
        episodes.end(episode=episode_of(family), reason="met", actor=cast.alice)
    asks = sign_in(cast.alice).get(page("step_up", family))
    assert asks.status_code == 200
    assert "Call 999 now." in text_of(asks)


def test_two_who_record_the_answer_at_once_record_one(cast, family):
    row = stepped_up(cast, family)
    said = {"outcome": "accepted", "words": "x", "by": "x", "on": clock.today(), "then": "waits", "may_rest": True}
    with acting_as(cast.alice):
        stepup.answered(row=row, actor=cast.alice, **said)
        with pytest.raises(Refused, match="recorded the answer already"):
            stepup.answered(row=row, actor=cast.alice, **said)


def answered(cast, family, then, row=None):
    row = row or stepped_up(cast, family)
    with acting_as(cast.alice):
        stepup.answered(
            row=row, outcome="accepted", words="We take it on.", by="Duty worker", on=clock.today(), then=then, may_rest=True, actor=cast.alice
        )  # fmt: skip


def review_clock(family):
    with acting_as_system("test"):
        return Timescale.objects.get(family=family, kind="review")


def test_the_plan_rests_while_social_care_leads_and_is_picked_up_as_it_was(cast, sign_in, family):
    plan = agreed_plan(cast, family)
    due = review_clock(family).due_at
    answered(cast, family, "waits")
    alice = sign_in(cast.alice)
    shown = text_of(alice.get(page("plan", family)))
    assert "Rests Since" in shown
    assert "Social care leads, and the plan rests." in text_of(alice.get(family.get_absolute_url()))
    assert alice.get(page("hold_review", family)).status_code == 403
    assert review_clock(family).stopped_at
    with acting_as_system("test"):
        outcomes = set(Outcome.objects.filter(plan=plan).values_list("pk", flat=True))
    up = page("pick_up_plan", family)
    alice.post(up, opened(alice, up))
    assert "Rests" not in text_of(alice.get(page("plan", family)))
    running = review_clock(family)
    assert (running.stopped_at, running.due_at) == (None, due)
    with acting_as_system("test"):
        assert Plan.objects.filter(family=family).count() == 1
        assert set(Outcome.objects.filter(plan=plan).values_list("pk", flat=True)) == outcomes
    assert alice.get(up).status_code == 403


def test_help_that_goes_on_at_a_higher_level_leads_to_that_page(cast, sign_in, family):
    row = stepped_up(cast, family)
    alice, url = sign_in(cast.alice), page("answer_step_up", family, row.pk)
    assert "at a higher level" not in text_of(alice.get(url))
    set_procedure({"help_levels.child_in_need": "Family help for a child in need"})
    assert "Help goes on here, as “Family help for a child in need”" in text_of(alice.get(url))
    said = {"outcome": "targeted", "words": "Go on with more.", "by": "Duty worker", "then": "level"}
    went = alice.post(url, opened(alice, url) | said)
    assert went.headers["Location"] == page("raise_level", family)
    assert page("raise_level", family) in alice.get(page("show_step_up", family, row.pk)).content.decode()
    assert page("level_of_help", family) in alice.get(family.get_absolute_url()).content.decode()


def test_it_is_printed_for_social_care_with_what_is_done_and_what_happened(cast, sign_in, family):
    agreed_plan(cast, family)
    row = stepped_up(cast, family, what="Ada said so.", agreed="yes", agreed_by="Grace", because="")
    alice, url = sign_in(cast.alice), page("print_step_up", family, row.pk)
    given = alice.post(url, opened(alice, url))
    assert given["Content-Type"] == "application/pdf", text_of(given)
    pdf = pdf_text(given)
    for words in ("Ada said so.", "Ada Okafor", "What is being done", "Plan agreed"):
        assert words in pdf
    without = stepped_up(cast, family)
    url = page("print_step_up", family, without.pk)
    assert alice.post(url, opened(alice, url))["Content-Type"] == "application/pdf"
    with acting_as_system("test"):
        given = Disclosure.objects.filter(what="The step-up").order_by("pk").values_list("to_whom", "basis")
        assert list(given) == [("the front door", "agreement"), ("the front door", "step_up")]
    with acting_as(cast.alice):
        told = [one.what for one in what_the_family_is_told(family, None).left]
    assert told.count("The step-up") == 1  # what the family does not agree to may be what it must not know of


def test_a_wrong_answer_is_put_right_and_a_step_up_made_by_mistake_is_taken_back(cast, sign_in, family):
    row = stepped_up(cast, family)
    answered(cast, family, "alongside", row)
    alice, url = sign_in(cast.alice), page("answer_step_up", family, row.pk)
    assert sign_in(cast.charlie).get(url).status_code == 403
    form = opened(alice, url)
    assert (form["outcome"], form["words"]) == ("accepted", "We take it on.")
    alice.post(url, form | {"outcome": "advice", "words": "Ask the school nurse.", "then": "as_before"})
    assert "Returned with advice" in text_of(alice.get(page("show_step_up", family, row.pk)))
    back = page("take_back_step_up", family, row.pk)
    shown = alice.post(back, opened(alice, back) | {"reason": "It was meant for another family."}, follow=True)
    assert "It was meant for another family." in text_of(shown)
    assert alice.get(page("print_step_up", family, row.pk)).status_code == 200
    assert alice.get(url).status_code == 403
    assert "made by mistake, and taken back" in text_of(alice.get(page("chronology", family)))
    with acting_as(cast.alice):
        assert not Timescale.objects.filter(kind="step_up_written", met_at=None, stopped_at=None).exists()


def test_whoever_may_not_know_of_the_child_hears_nothing_of_the_step_up(cast, sign_in, family):
    with acting_as(cast.alice):
        ada = person_of(family, child)
        choice = Choice(person=ada, agency=cast.health, tier=Tier.NONE, decided_by=person_of(family, mother))
        record_choices(family=family, choices=[choice], actor=cast.alice)
    stepped_up(cast, family)
    charlie = sign_in(cast.charlie)
    assert "social care" not in text_of(charlie.get(reverse("messages")))
    assert "step-up" not in text_of(charlie.get(family.get_absolute_url())).lower().replace(
        "step up to social care", ""
    )


def test_a_team_member_does_not_let_the_plan_rest(cast, sign_in, family):
    agreed_plan(cast, family)
    row = stepped_up(cast, family)
    charlie, url = sign_in(cast.charlie), page("answer_step_up", family, row.pk)
    assert "Early help waits for social care" not in text_of(charlie.get(url))
    form = opened(charlie, url) | {"outcome": "accepted", "words": "We take it on.", "by": "Duty", "then": "waits"}
    assert charlie.post(url, form).status_code == 200
    assert not review_clock(family).stopped_at


def test_what_the_family_was_told_goes_back_to_social_care_with_its_date(cast, family):
    with acting_as(cast.alice):
        said = MeetingSaid(
            kind="taf",
            on=clock.today(),
            outcomes="x",
            others=("Grace",),
            told="Alice tells social care if visits stop.",
        )
        meetings.record(family=family, episode=episode_of(family), said=said, actor=cast.alice)
    row = stepped_up(cast, family)
    with acting_as(cast.alice):
        text = stepup.text_for_front_door(row, family)
    assert (
        "On 23 November 2026 the family was told what happens if they don’t take part: Alice tells social care if visits stop."
        in text
    )
