"""What a step-down, its analysis and its prints tell whom: nothing that early help keeps closed, and nobody past their time."""

import pytest
from django.urls import reverse

from consent.models import Agreement, Competence, Tier
from consent.services.ledger import record_choices
from consent.word import Choice
from earlyhelp.access.identity import acting_as, acting_as_system
from earlyhelp.access.levels import Level
from earlyhelp.accounts.models import Role
from earlyhelp.core import clock
from earlyhelp.core.errors import Refused
from earlyhelp.notifications.models import Notification
from families.models import Document, Episode, Family, TeamMember
from families.rules import PersonSaid
from families.services import errors
from stepdown.models import GateChange
from stepdown.rules import StepSaid
from stepdown.services import completing, gate, level, opening, steps
from tests.access.test_doors import person_of
from tests.access.test_who_sees import level as level_of
from tests.assessments.test_forms import pdf_text
from tests.cast import child, led_family, make_user, set_procedure
from tests.pages import opened, text_of
from tests.plans.helpers import day
from tests.stepdown.helpers import choices_of, leads, now, opened_for, people_of, social_care, social_worker, step
from tests.stepdown.test_analysis import bring, file, in_word, under_way  # noqa: F401
from tests.stepdown.test_level import at, family_help, met, raised, within  # noqa: F401
from tests.stepdown.test_pack import handed_over
from tests.stepdown.test_step_down import _born

CLOSED = (
    "is not filed",
    "was said, and not signed",
    "No assessment",
    "has accepted",
    "Get the agreement signed, and file it",
)


@pytest.fixture
def sasha(cast):
    return social_worker()


def page_of(step_down, name="step_down", *more):
    return reverse(name, args=[step_down.reference, *more])


def joined(cast, sasha, sign_in, by=None):
    """A step-down of a family whose early help is open: its record is closed to social care."""
    family = led_family(cast)
    ada = PersonSaid(kind="child", first_name="Ada", last_name="Okafor", date_of_birth=_born(family, "Ada"))
    step_down = opened_for(cast, sasha, by=by, people=(ada,), name="Okafor")
    if by:
        with acting_as(sasha):
            opening.confirm(step_down=step_down, actor=sasha)
    officer, to = (
        sign_in(cast.locality),
        reverse("join_request", args=[now(step_down).request.reference, family.reference]),
    )
    officer.post(to, opened(officer, to))
    gate.look_at_all()
    return family, now(step_down)


def test_nothing_of_a_closed_record_stands_in_a_list_a_number_or_a_refusal(cast, sasha, sign_in):
    _, step_down = joined(cast, sasha, sign_in)
    manager = make_user("Mo", social_care(), Role.MANAGER)
    with acting_as_system("test"):
        GateChange.objects.create(family=step_down.family, step_down=step_down, opened=False, missing=["lead"])
    client = sign_in(sasha)
    for url in (page_of(step_down), page_of(step_down, "complete_step_down"), reverse("step_downs"), "/"):
        for who in (sasha, manager):
            shown = text_of(sign_in(who).get(url))
            closed = CLOSED[:-1] if url.startswith("/step-downs/") and url != "/step-downs/" else CLOSED  # titles stay
            assert not [words for words in (*closed, "missing again") if words in shown], (url, who)
    numbers = text_of(sign_in(manager).get(reverse("step_down_counts")))
    assert not [words for words in CLOSED if words in numbers]
    client = sign_in(sasha)
    done = page_of(step_down, "complete_step_down")
    assert "Early help has still to do its part" in text_of(client.get(done))
    agree = page_of(step_down, "agree_at_panel")
    said = {"present": "Sasha", "words": "Alice rings on Monday."} | day("on", clock.today())
    refused = text_of(client.post(agree, opened(client, agree) | said))
    assert "Early help has still to do its part" in refused
    assert "signed" not in refused


def test_whoever_supports_the_social_worker_reads_no_more_than_their_part(cast, sasha, sign_in):
    support = make_user("Support", social_care(), Role.BUSINESS_SUPPORT, supports=sasha)
    _, step_down = joined(cast, sasha, sign_in, by=support)
    shown = text_of(sign_in(support).get(page_of(step_down)))
    assert shown.count("Early help’s part") > 5
    assert not [words for words in CLOSED[:-1] if words in shown]


def test_a_social_worker_who_knows_the_family_at_basic_reads_no_more_of_it_here(cast, sasha, sign_in):
    family, step_down = joined(cast, sasha, sign_in)
    choices_of(family, social_care(), Tier.BASIC, cast.alice)
    with acting_as_system("test"):
        TeamMember.objects.create(
            family=family, episode=family.episode(), user=sasha, agency=social_care(), invited_by=cast.alice,
            invited_at=clock.now(), status=TeamMember.Status.ACCEPTED,
        )  # fmt: skip
    assert level_of(sasha, family) == Level.BASIC
    assert text_of(sign_in(sasha).get(page_of(step_down))).count("Early help’s part") > 5


def test_why_it_was_stopped_is_for_who_reads_the_record_and_social_care_hears_no_reference(cast, sasha, sign_in):
    support = make_user("Support", social_care(), Role.BUSINESS_SUPPORT, supports=sasha)
    step_down = opened_for(cast, sasha, by=support)
    with acting_as(sasha):
        opening.confirm(step_down=step_down, actor=sasha)
        completing.stop(step_down=now(step_down), reason="Otto was hurt again by Wanda.", actor=sasha)
    assert sign_in(support).get(page_of(step_down)).status_code == 404
    assert "hurt again" not in text_of(sign_in(cast.locality).get(page_of(step_down)))
    assert "hurt again" in text_of(sign_in(sasha).get(page_of(step_down)))


def test_the_social_worker_of_a_closed_record_hears_of_their_step_down_alone(cast, sasha, sign_in):
    family, step_down = joined(cast, sasha, sign_in)
    with acting_as(cast.service):
        completing.stop(step_down=step_down, reason="The family moved away.", actor=cast.service)
    with acting_as_system("test"):
        told = Notification.objects.filter(user=sasha)
        assert told.filter(kind="stepdown.stopped").exists()
        assert not told.filter(reference=family.reference).exists()


# In one record


def ready(cast, family, overseer):
    """Everything but the overseer's agreement is there."""
    step_down = within(cast, family, overseer)
    with acting_as_system("test"):
        Agreement.objects.filter(family=family).update(how="drawn")
    met(family, overseer)
    with acting_as(cast.alice):
        steps.choose_route(step_down=step_down, route="b", actor=cast.alice)
    return now(step_down)


def test_who_oversees_no_more_agrees_to_nothing_and_nobody_else_decides(cast, family, family_help, sign_in):  # noqa: F811
    step_down = ready(cast, family, family_help)
    with acting_as(family_help):
        said = StepSaid(clock.today(), "", "Two reviews with progress.")
        steps.record(step_down=step_down, code="overseer", said=said, actor=family_help)
    assert not gate.gate(now(step_down))
    choices_of(family, social_care(), Tier.NONE, cast.alice)
    assert [gap.code for gap in gate.gate(now(step_down))] == ["overseer"]
    with acting_as(cast.alice), pytest.raises(Refused):
        completing.complete(step_down=now(step_down), family_told="At home.", actor=cast.alice)
    manager = make_user("Mo", social_care(), Role.MANAGER)
    for name in ("step_down", "complete_step_down", "stop_step_down"):
        for user in (family_help, manager):
            assert sign_in(user).get(page_of(step_down, name)).status_code == 404, (name, user)
    assert "Okafor" not in text_of(sign_in(manager).get(reverse("step_downs")))


def test_one_within_a_record_that_came_from_social_care_opens_nothing(cast):
    row = handed_over(cast)
    set_procedure({"help_levels.child_in_need": "Family help for a child in need"})
    step(row, "case_note", words="They step down.")
    with acting_as(row.worker):
        steps.choose_route(step_down=now(row), route="a", actor=row.worker)
        completing.complete(step_down=now(row), family_told="At home.", actor=row.worker)
    with acting_as_system("test"):
        member = TeamMember.objects.create(
            family=row.family, episode=row.episode, user=row.worker, agency=social_care(), invited_by=cast.alice,
            invited_at=clock.now(), status=TeamMember.Status.ACCEPTED,
        )  # fmt: skip
    episode = Episode(pk=row.episode.pk, family_id=row.family.pk)
    with acting_as(cast.alice):
        level.set_level(
            episode=episode, level="child_in_need", on=clock.today(), reason="It is.", overseer=row.worker, actor=cast.alice
        )  # fmt: skip
    with acting_as_system("test"):
        episode = Episode.objects.get(pk=row.episode.pk)
    with acting_as(cast.alice):
        opening.open_within(family=row.family, episode=episode, why="It is well.", actor=cast.alice)
    with acting_as_system("test"):
        TeamMember.objects.filter(pk=member.pk).update(status="ended", ends_at=clock.now())
    assert level_of(row.worker, row.family) == Level.NONE
    assert level_of(make_user("Mo", social_care(), Role.MANAGER), row.family) == Level.NONE


def test_who_oversaw_before_reads_no_request_and_countersigns_nothing(cast, family, family_help, sign_in):  # noqa: F811
    step_down = within(cast, family, family_help)
    with acting_as_system("test"):
        first = family.episode().pk and step_down
    other = social_worker("Ottilie")
    with acting_as_system("test"):
        TeamMember.objects.create(
            family=family, episode=family.episode(), user=other, agency=social_care(), invited_by=cast.alice,
            invited_at=clock.now(), status=TeamMember.Status.ACCEPTED,
        )  # fmt: skip
    assert first
    change = raised(cast, family, other)
    raised(cast, family, family_help)
    with acting_as_system("test"):
        TeamMember.objects.filter(user=other).update(status="ended", ends_at=clock.now())
    with acting_as(other), pytest.raises(Refused, match="while they oversee"):
        level.countersign(change=change, actor=other)
    request = reverse("request", args=[step_down.reference])
    assert sign_in(other).get(request).status_code == 404
    assert sign_in(family_help).get(request).status_code == 200


# Prints and the analysis


def test_the_pack_goes_to_no_agency_that_somebody_in_it_refused(cast, sign_in):
    row = handed_over(cast)
    wanda, otto = people_of(row.family)[:2]
    choices = [
        Choice(otto, cast.school, Tier.BASIC, wanda),
        Choice(otto, cast.health, Tier.NONE, wanda),
        Choice(wanda, cast.health, Tier.ADDITIONAL, wanda),
    ]
    with acting_as_system("test"):
        record_choices(family=row.family, choices=choices, actor=cast.alice)
    alice, url = sign_in(cast.alice), f"{row.family.get_absolute_url()}step-down/pack/"
    refused = alice.post(url, opened(alice, url) | {"for_whom": "agency", "agency": cast.health.pk})
    assert "does not share that much with" in text_of(refused)


def test_a_parents_copy_of_the_pack_keeps_what_a_young_person_keeps(cast, sign_in):
    row = handed_over(cast)
    wanda, otto = people_of(row.family)[:2]
    with acting_as_system("test"):
        Competence.objects.create(
            family=row.family, person=otto, competent=True, reasons="He understands.", judged_by=cast.alice, judged_on=clock.today(), created_by=cast.alice
        )  # fmt: skip
        mine = [Choice(otto, cast.health, Tier.ADDITIONAL, otto)]
        record_choices(family=row.family, choices=mine, actor=cast.alice)
    alice, url = sign_in(cast.alice), f"{row.family.get_absolute_url()}step-down/pack/"
    paper = pdf_text(alice.post(url, opened(alice, url) | {"for_whom": "family", "whose": str(wanda.pk)}))
    for words in ("Health visiting", "Otto"):
        assert words not in paper, paper


def test_the_analysis_is_read_by_nobody_from_whom_someone_in_it_is_kept(cast, under_way, sign_in):  # noqa: F811
    worker, step_down = under_way
    leads(step_down, cast.alice, cast.school)
    page = bring(sign_in(worker), step_down, file=file(in_word("Otto told me in confidence.")))
    place = page.redirect_chain[-1][0]
    assert sign_in(cast.alice).get(place).status_code == 200
    wanda, otto = people_of(step_down.family)[:2]
    with acting_as_system("test"):
        no = [Choice(otto, cast.school, Tier.NONE, wanda)]
        record_choices(family=step_down.family, choices=no, actor=worker)
        document = Document.objects.get(kind="report")
    alice = sign_in(cast.alice)
    assert alice.get(place).status_code == 404
    assert alice.get(reverse("open_document", args=[step_down.family.reference, document.pk])).status_code in (403, 404)


@pytest.mark.parametrize("how", ["its file", "its page"])
def test_an_analysis_of_another_family_is_taken_out_with_all_its_passages(cast, under_way, sign_in, how):  # noqa: F811
    worker, step_down = under_way
    client = sign_in(worker)
    data = {"file": file(in_word("Tariq was hurt."))} if how == "its file" else {"text": "Tariq was hurt."}
    place = bring(client, step_down, **data).redirect_chain[-1][0]
    where = next(key for key in client.get(place).context["form"].targets if key.startswith("why_now.0.reason"))
    client.post(place, opened(client, place) | {"where": where, "passages": ["0"]})
    assert "analysis" not in [gap.code for gap in gate.gate(now(step_down))]
    if how == "its file":
        with acting_as_system("test"):
            document = Document.objects.get(kind="report")
        with acting_as(worker):
            errors.file_in_error(item=document, reason="It is of another family.", actor=worker)
    else:
        out = f"{place}wrong-family/"
        client.post(out, opened(client, out) | {"reason": "It is of another family."})
    assert client.get(place).status_code == 404
    read = reverse("assessment_read", args=[step_down.family.reference])
    assert "Tariq" not in text_of(client.get(read))
    assert "Tariq" not in text_of(client.get(page_of(step_down)))


def test_a_document_that_is_moved_can_be_opened_by_whoever_leads_there(cast, family, sign_in):
    from tests.families.test_errors import REASON, scan

    led_family(cast, name="Adeyemi")
    with acting_as_system("test"):
        right = Family.objects.exclude(pk=family.pk).get()
    kept = scan(cast, family)
    with acting_as_system("test"):
        Document.objects.filter(pk=kept.pk).update(
            reader_agency=cast.health, uploaded_by=cast.charlie, for_lead=False, kind="report", about=[person_of(family, child).pk]
        )  # fmt: skip
    url = f"{family.get_absolute_url()}documents/{kept.pk}/wrong-family/"
    sign_in(cast.charlie).post(url, REASON | {"belongs_to": right.reference})
    with acting_as_system("test"):
        moved = Document.objects.get(family=right)
    assert sign_in(cast.alice).get(f"{right.get_absolute_url()}documents/{moved.pk}/").status_code == 200
