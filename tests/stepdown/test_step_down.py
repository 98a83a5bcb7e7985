"""A step-down from social care, step by step, through the pages."""

from datetime import date

import pytest
from django.urls import reverse

from consent.models import Tier
from earlyhelp.access.identity import acting_as, acting_as_system
from earlyhelp.access.levels import Level
from earlyhelp.access.models import Grant
from earlyhelp.accounts.models import Membership, Role
from earlyhelp.core import clock
from earlyhelp.core.errors import Refused
from earlyhelp.timescales.models import Timescale
from families.models import ConnectedUser, Family, Person
from families.rules import PersonSaid
from families.services import team
from plans.services import meetings
from plans.services.meetings import MeetingSaid
from stepdown.models import Step, StepDown
from stepdown.services import completing, gate, opening, steps
from tests.access.test_who_sees import level
from tests.cast import ask, led_family, make_user, set_procedure
from tests.pages import opened, text_of
from tests.plans.helpers import day
from tests.stepdown.helpers import (
    PEOPLE,
    agrees,
    choices_of,
    leads,
    now,
    opened_for,
    social_care,
    social_worker,
    step,
    withdraws,
)


@pytest.fixture
def sasha(cast):
    return social_worker()


@pytest.fixture
def handed(cast, sasha):
    """A step-down whose family is new."""
    return opened_for(cast, sasha)


def url(step_down, name="step_down", *more):
    return reverse(name, args=[now(step_down).request.reference, *more])


def missing(step_down):
    return [gap.code for gap in gate.gate(now(step_down))]


def test_it_is_opened_before_anything_is_agreed_and_shows_what_is_next(cast, sasha, sign_in):
    client = sign_in(sasha)
    start = client.get(reverse("start_step_down")).headers["Location"]
    form = opened(client, start) | {
        "locality": str(cast.north.pk), "family_name": "Zeller", "why": "Otto is safe at home now.",
        "person-0-kind": "child", "person-0-first_name": "Otto", "person-0-date_of_birth_day": "9",
        "person-0-date_of_birth_month": "6", "person-0-date_of_birth_year": "2017",
    }  # fmt: skip
    page = client.post(start, form, follow=True)
    shown = text_of(page)
    assert "The case can’t close to social care yet" in shown
    assert "The family has not given its agreement, or has taken it back." in shown
    assert "Zeller family" in shown
    assert shown.index("Check for an earlier record") < shown.index("Discuss with the family what")
    with acting_as(sasha):
        family = Family.objects.get()
        assert [person.first_name for person in family.people()] == ["Otto"]
    assert level(sasha, family) == Level.LEAD


def test_whoever_steps_nobody_down_opens_none(cast, sign_in):
    assert sign_in(cast.alice).get(reverse("start_step_down")).status_code == 403


def test_what_is_missing_of_it_is_said_and_nothing_typed_is_lost(cast, sasha, sign_in):
    client = sign_in(sasha)
    start = client.get(reverse("start_step_down")).headers["Location"]
    form = opened(client, start) | {"family_name": "Zeller", "locality": str(cast.north.pk)}
    shown = text_of(client.post(start, form | {"person-0-kind": "child", "person-0-first_name": "Otto"}))
    assert "Enter why the family steps down now" in shown
    full = form | {"person-0-kind": "child", "person-0-first_name": "Otto", "why": "He is safe now."}
    shown = text_of(client.post(start, full))
    assert "Enter their date of birth, or the family’s postcode above" in shown
    assert "He is safe now." in shown
    assert client.post(start, full | {"person-0-date_of_birth_year": "2017"}).status_code == 302


def test_what_is_said_of_a_step_is_said_so_that_others_understand_it(cast, handed, sasha, sign_in):
    client = sign_in(sasha)
    url_of = {
        code: reverse("record_step", args=[handed.reference, code]) for code in ("offer", "talked_over", "case_note")
    }
    assert "the sentence to copy into it" in text_of(client.get(url_of["case_note"]))
    refused = client.post(url_of["case_note"], opened(client, url_of["case_note"]) | {"words": "x"})
    assert "Enter what was decided, in a sentence that someone else understands" in text_of(refused)
    client.post(url_of["offer"], opened(client, url_of["offer"]) | {"present": "Wanda", "words": "They would like it."})
    assert opened(client, url_of["talked_over"])["present"] == "Wanda"


def test_one_who_opens_a_second_for_the_same_family_is_shown_the_first(cast, sasha):
    first = opened_for(cast, sasha)
    with pytest.raises(Refused, match=f"under way: {first.reference}. Go on with that one"):
        opened_for(cast, sasha, name="Seller")
    other = PersonSaid(kind="child", first_name="Otto", last_name="Zeller", date_of_birth=date(2015, 1, 1))
    assert opened_for(cast, sasha, people=(other,)).pk != first.pk


def test_one_that_is_opened_for_a_named_worker_waits_for_their_yes(cast, sasha, sign_in):
    support = make_user("Support", social_care(), Role.BUSINESS_SUPPORT, supports=sasha)
    step_down = opened_for(cast, sasha, by=support)
    with acting_as_system("test"):
        assert not Family.objects.exists()
    assert "Waits for Sasha" in text_of(sign_in(support).get(url(step_down)))
    assert sign_in(support).get(url(step_down, "confirm_step_down")).status_code == 403
    client = sign_in(sasha)
    assert "Is this step-down yours?" in text_of(client.get(url(step_down)))
    asks = text_of(client.get(url(step_down, "confirm_step_down")))
    assert "Otto Zeller, child or young person, born 9 June 2017" in asks
    assert "school mornings are still hard" in asks
    client.post(url(step_down, "confirm_step_down"))
    assert "The case can’t close to social care yet" in text_of(client.get(url(step_down)))


def test_support_opens_none_for_somebody_whom_they_do_not_support(cast, sasha):
    support = make_user("Support", social_care(), Role.BUSINESS_SUPPORT, supports=social_worker("Other"))
    with pytest.raises(Refused, match="for yourself, or for whom you support"):
        opened_for(cast, sasha, by=support)


def test_nothing_that_early_help_knows_opens_until_the_family_is_asked_again(cast, sasha, sign_in):
    """The family is known, and its support is open: its lead hears, and stays."""
    family = led_family(cast)
    choices_of(family, social_care(), Tier.ADDITIONAL, cast.alice)  # said long before the step-down
    ada = (PEOPLE[1].__class__(kind="child", first_name="Ada", last_name="Okafor", date_of_birth=_born(family, "Ada")),)
    with clock.frozen_at(clock.now() + clock.WEEK):
        step_down = opened_for(cast, sasha, people=ada, name="Okaphor")
        assert now(step_down).family is None
        assert level(sasha, family) == Level.NONE
        assert "The early help team checks first whether it knows the family" in text_of(
            sign_in(sasha).get(url(step_down))
        )
        officer = sign_in(cast.locality)
        request = now(step_down).request
        chosen = officer.get(reverse("accept_request", args=[request.reference]), {"family": family.reference})
        assert chosen.headers["Location"] == reverse("join_request", args=[request.reference, family.reference])
        shown = text_of(officer.get(chosen.headers["Location"]))
        assert "The record stays closed to Sasha" in shown
        officer.post(chosen.headers["Location"], opened(officer, chosen.headers["Location"]))
        assert now(step_down).family == family
        assert level(sasha, family) == Level.NONE
        assert level(cast.alice, family) == Level.LEAD
        shown = text_of(sign_in(sasha).get(url(step_down)))
        assert "Okaphor family" in shown  # as Sasha wrote it
        assert "Early help knows this family" in shown
        for words in ("Alice", "Okafor family", "has accepted", "The signed agreement"):
            assert words not in shown
        assert shown.count("Early help’s part") > 5
        assert "Early help has still to do its part. Ask" in shown
        assert "Speak to them before you contact the family" in shown
        assert sign_in(sasha).get(family.get_absolute_url()).status_code == 404
        told = text_of(sign_in(cast.alice).get(reverse("messages")))
        assert "Social care steps the family" in told
        assert sign_in(sasha).get(url(step_down, "share_record")).status_code == 403
        sign_in(cast.alice).post(url(step_down, "share_record"), {"answer": "yes"})
        assert level(sasha, family) == Level.CONTRIBUTE
        with acting_as(sasha):
            assert Grant.objects.get().reason == "steps_down"
        choices_of(family, social_care(), Tier.NONE, cast.alice)
        assert level(sasha, family) == Level.NONE


def _born(family, name):
    with acting_as_system("test"):
        return Person.objects.get(family=family, first_name=name).date_of_birth


def test_an_earlier_record_is_asked_again_by_the_worker_and_stays_closed_until_then(cast, sasha, sign_in):
    family = led_family(cast)
    with acting_as(cast.alice):
        completing.episodes.end(episode=family.episode(), reason="met", actor=cast.alice)
    ada = (PEOPLE[1].__class__(kind="child", first_name="Ada", last_name="Okafor", date_of_birth=_born(family, "Ada")),)
    step_down = opened_for(cast, sasha, people=ada, name="Okafor")
    officer, request = sign_in(cast.locality), now(step_down).request
    into = reverse("accept_into", args=[request.reference, family.reference])
    page = officer.get(into).headers["Location"]
    form = opened(officer, page) | {"practitioner": str(sasha.pk)}
    assert officer.post(page, form).status_code == 302
    assert now(step_down).family == family
    assert level(sasha, family) == Level.BASIC
    agrees(step_down, cast.school)
    assert level(sasha, family) == Level.LEAD
    leads(step_down, cast.alice, cast.school)
    assert level(sasha, family) == Level.CONTRIBUTE


def test_the_gate_says_what_is_missing_and_closes_again_when_something_is_withdrawn(cast, handed, sasha, sign_in):
    assert missing(handed) == ["agreement", "meeting", "opened", "lead", "case_note"]
    agrees(handed, cast.school, filed=False)
    assert "The signed agreement is not filed." in text_of(sign_in(sasha).get(url(handed)))
    agrees(handed, cast.school)
    step(handed, "offer")
    leads(handed, cast.alice, cast.school)
    step(handed, "case_note")
    with acting_as(sasha):
        steps.choose_route(step_down=now(handed), route="a", actor=sasha)
        steps.leave_out(step_down=now(handed), code="meeting", reason="They met last week.", actor=sasha)
    assert missing(handed) == ["opened"]
    assert "They met last week." in text_of(sign_in(sasha).get(url(handed)))
    with acting_as(cast.alice):
        from assessments.services import starting

        family = now(handed).family
        starting.start(family=family, episode=now(handed).episode, actor=cast.alice)
    gate.look_at_all()
    assert missing(handed) == []
    shown = text_of(sign_in(sasha).get(url(handed)))
    assert "The case may close to social care" in shown
    assert now(handed).open_since
    withdraws(handed)
    gate.look_at_all()
    shown = text_of(sign_in(sasha).get(url(handed)))
    assert "The family does not agree now, so everything stops." in shown
    assert "something was missing again: Get the agreement signed, and file it" in shown
    assert "can’t be completed any more" in text_of(sign_in(sasha).get(reverse("messages")))
    refused = sign_in(sasha).post(url(handed, "complete_step_down"), {"family_told": "At home"})
    assert "The case can’t close to social care yet" in text_of(refused)


def ready(cast, handed, sasha):
    agrees(handed, cast.school)
    leads(handed, cast.alice, cast.school)
    step(handed, "case_note")
    with acting_as(sasha):
        steps.choose_route(step_down=now(handed), route="a", actor=sasha)
        family, episode = now(handed).family, now(handed).episode
        said = MeetingSaid(
            kind="taf", on=clock.today(), outcomes="Alice leads.", others=("Wanda",), told="That I hear."
        )
        meetings.record(family=family, episode=episode, said=said, actor=sasha)


def test_completing_ends_the_workers_sight_and_names_the_lead(cast, handed, sasha, sign_in):
    ready(cast, handed, sasha)
    assert missing(handed) == []
    family = now(handed).family
    assert level(sasha, family) == Level.CONTRIBUTE
    done, said = url(handed, "complete_step_down"), {"family_told": "At home, both of us."}
    assert "Enter why the steps above are not done" in text_of(sign_in(sasha).post(done, said))
    why = {"without": "The joint visit is on Friday, with Alice alone."}
    shown = text_of(sign_in(sasha).post(done, said | why, follow=True))
    assert "Alice, Birch Primary School" in shown
    assert "Your access to the record has ended." in shown
    assert "Wanda" not in shown
    assert level(sasha, family) == Level.NONE
    assert level(cast.alice, family) == Level.LEAD
    assert sign_in(sasha).get(family.get_absolute_url()).status_code == 404
    assert "This step-down is complete since" in text_of(sign_in(cast.alice).get(url(handed)))
    assert "The step-down of" in text_of(sign_in(cast.alice).get(reverse("messages")))
    with acting_as(sasha):
        assert not Step.objects.exists()
    assert why["without"] in text_of(sign_in(cast.alice).get(url(handed)))


def test_two_who_complete_in_the_same_second_complete_it_once(cast, handed, sasha):
    ready(cast, handed, sasha)
    first = now(handed)
    with acting_as(sasha):
        completing.complete(step_down=first, family_told="At home", actor=sasha)
        with pytest.raises(Refused, match="is over"):
            completing.complete(step_down=first, family_told="At home", actor=sasha)


def test_nobody_goes_past_the_gate(cast, handed, sasha):
    agrees(handed, cast.school)
    with acting_as(sasha), pytest.raises(Refused, match="Nobody has accepted to be the lead practitioner"):
        completing.complete(step_down=now(handed), family_told="At home", actor=sasha)


@pytest.mark.parametrize("code", ["agreement", "lead", "opened"])
def test_there_is_no_exception_from_three(cast, handed, sign_in, code):
    client = sign_in(cast.service)
    assert client.get(url(handed, "allow_exception", code)).status_code == 404
    with acting_as(cast.service), pytest.raises(Refused, match="no exception"):
        steps.allow_exception(step_down=now(handed), code=code, reason="Because of it.", actor=cast.service)


def test_from_others_the_service_manager_makes_one_that_stays_visible(cast, handed, sasha, sign_in):
    assert sign_in(sasha).get(url(handed, "allow_exception", "meeting")).status_code == 403
    sign_in(cast.service).post(url(handed, "allow_exception", "meeting"), {"reason": "The mother is in hospital."})
    assert "meeting" not in missing(handed)
    shown = text_of(sign_in(sasha).get(url(handed)))
    assert "The mother is in hospital." in shown
    assert "Exception of the service manager" in shown


def test_before_the_agreement_there_is_no_outcome_no_assessment_and_no_panel(cast, handed, sasha, sign_in):
    set_procedure({"step_down.steps": PANEL_TOO})
    other = opened_for(
        cast,
        sasha,
        people=(PEOPLE[1].__class__(kind="child", first_name="Ivo", date_of_birth=PEOPLE[1].date_of_birth),),
        name="Qvist",
    )
    row = now(other)
    said = MeetingSaid(kind="taf", on=clock.today(), outcomes="x", others=("Wanda",))
    with acting_as(sasha):
        with pytest.raises(Refused, match="The signed agreement comes first"):
            meetings.record(family=row.family, episode=row.episode, said=said, actor=sasha)
        with pytest.raises(Refused, match="signed agreement comes first"):
            steps.agree_at_panel(step_down=row, side="social_care", said=_said("Alice visits."), actor=sasha)
    form = sign_in(sasha).post(reverse("start_assessment", args=[row.family.reference]))
    assert "agreement is missing: it is not recorded yet" in text_of(form), text_of(form)


def _said(words="x"):
    from stepdown.rules import StepSaid

    return StepSaid(clock.today(), "Wanda", words)


PANEL_TOO = [{"code": code, "gate": True} for code in ("checked", "agreement", "lead", "panel", "opened", "visit")]


def test_a_panel_needs_both_sides_each_for_itself_and_starts_the_days_to_the_visit(cast, sasha, sign_in):
    set_procedure({"step_down.steps": PANEL_TOO})
    handed = opened_for(cast, sasha)
    agrees(handed, cast.school)
    client, page = sign_in(sasha), url(handed, "agree_at_panel")
    form = opened(client, page) | {"present": "Sasha, North", "words": ""}
    assert "Enter what the new lead does first" in text_of(client.post(page, form))
    client.post(page, form | {"words": "Alice rings Wanda on Monday."})
    assert missing(handed) == ["lead", "panel", "opened", "visit"]
    refused = client.post(page, form | {"words": "For early help, too.", "form_token": "b" * 32})
    assert "This side has agreed already" in text_of(refused)
    with acting_as_system("test"):
        assert not Timescale.objects.filter(kind="joint_visit").exists()
    officer = sign_in(cast.locality)
    assert "The panel’s agreement of early help is asked for" in text_of(officer.get(reverse("messages")))
    form = opened(officer, page)
    assert form["words"] == "Alice rings Wanda on Monday."
    officer.post(page, form)
    assert "panel" not in missing(handed)
    with acting_as_system("test"):
        clock_of = Timescale.objects.get(kind="joint_visit")
    assert (clock_of.owner, clock_of.due_at.date().isoformat()) == (sasha, "2026-12-07")
    leads(handed, cast.alice, cast.school)
    visit = url(handed, "record_step", "visit")
    form = opened(client, visit) | {"present": "Wanda", "words": "We had tea.", "together": "no"}
    client.post(visit, form)
    assert "only one of the two went" in text_of(client.get(url(handed)))
    assert "visit" in missing(handed)
    with acting_as_system("test"):
        assert Timescale.objects.get(kind="joint_visit").met_at is None
        assert Timescale.objects.get(kind="joint_visit").owner == sasha
    client.post(visit, form | {"together": "yes", "form_token": "a" * 32})
    assert "visit" not in missing(handed)
    with acting_as_system("test"):
        assert Timescale.objects.get(kind="joint_visit").met_at


def test_a_visit_before_the_panel_or_in_the_future_is_refused(cast, sasha):
    set_procedure({"step_down.steps": PANEL_TOO})
    handed = opened_for(cast, sasha)
    agrees(handed, cast.school)
    leads(handed, cast.alice, cast.school)
    with acting_as(sasha):
        steps.agree_at_panel(step_down=now(handed), side="social_care", said=_said(), actor=sasha)
    with pytest.raises(Refused, match="before the panel, which was on 23 November 2026"):
        step(handed, "visit", on=clock.today() - clock.WEEK)
    with pytest.raises(Refused, match="today or in the past"):
        step(handed, "visit", on=clock.today() + clock.WEEK)


def test_route_b_needs_a_meeting_with_a_clear_plan(cast, handed, sasha, sign_in):
    agrees(handed, cast.school)
    client, page = sign_in(sasha), url(handed, "choose_route")
    shown = text_of(client.post(page, {"route": "b"}))
    assert "Route B needs a child in need meeting with a clear plan" in shown
    with acting_as(sasha):
        said = MeetingSaid(kind="cin", on=clock.today(), outcomes="x", others=("Wanda",), plan_is_clear=True)
        meetings.record(family=now(handed).family, episode=now(handed).episode, said=said, actor=sasha)
    assert client.post(page, {"route": "b"}).status_code == 302
    assert "meeting" not in missing(handed)


def test_a_meeting_before_the_offer_was_discussed_needs_a_reason(cast, handed, sasha, sign_in):
    client = sign_in(sasha)
    page = reverse("arrange_meeting", args=[now(handed).family.reference])
    form = opened(client, page) | day("on", clock.today()) | {"kind": "taf"}
    shown = client.post(page, form)
    assert "Discuss with the family first what Early Help may offer" in text_of(shown)
    shown = client.post(page, form | {"early_reason": "Wanda asked for it at once."}, follow=True)
    assert "So soon because: Wanda asked for it at once." in text_of(shown)


def test_a_second_one_for_the_same_family_is_refused(cast, handed, sasha, sign_in):
    other = social_worker("Other")
    second = opened_for(cast, other)
    assert now(second).family is None
    officer, family = sign_in(cast.locality), now(handed).family
    page = reverse("join_request", args=[now(second).request.reference, family.reference])
    shown = text_of(officer.post(page, opened(officer, page)))
    assert "Another step-down of this family is under way" in shown


def test_it_passes_to_a_colleague_and_the_first_sees_it_no_more(cast, handed, sasha, sign_in):
    other, family = social_worker("Other"), now(handed).family
    sign_in(sasha).post(url(handed, "give_step_down"), {"to": str(other.pk)})
    assert (level(sasha, family), level(other, family)) == (Level.NONE, Level.LEAD)
    assert sign_in(sasha).get(url(handed)).status_code == 404
    assert sign_in(other).get(url(handed)).status_code == 200


def test_stopped_the_case_stays_with_social_care_and_what_began_with_it_ends(cast, handed, sasha, sign_in):
    agrees(handed, cast.school)
    sign_in(sasha).post(url(handed, "stop_step_down"), {"reason": "The father came back."})
    assert now(handed).stopped_at
    assert now(handed).episode.ended_at
    assert "The case stays with social care." in text_of(sign_in(sasha).get(url(handed)))


def test_what_was_recorded_by_mistake_counts_no_more_and_stays(cast, handed, sasha, sign_in):
    agrees(handed, cast.school)
    step(handed, "case_note")
    assert "case_note" not in missing(handed)
    with acting_as_system("test"):
        row = Step.objects.get(code="case_note")
    shown = text_of(
        sign_in(sasha).post(url(handed, "take_back_step", row.pk), {"reason": "It was another family."}, follow=True)
    )
    assert "case_note" in missing(handed)
    assert "It was another family." in shown


def test_the_manager_of_social_care_sees_what_their_worker_sees_and_no_more(cast, handed, sasha):
    boss = make_user("Boss", social_care(), Role.MANAGER)
    family = now(handed).family
    assert level(boss, family) == Level.VIEW
    agrees(handed, cast.school)
    leads(handed, cast.alice, cast.school)
    assert level(boss, family) == Level.VIEW
    withdraws(handed)
    assert level(boss, family) == Level.NONE


def test_conditions_that_change_do_not_change_those_that_are_under_way(cast, handed, sasha, sign_in):
    set_procedure({"step_down.steps": PANEL_TOO})
    assert "panel" not in missing(handed)
    assert "The steps below are those of the procedure as it was then." in text_of(sign_in(sasha).get(url(handed)))


def test_stopped_while_an_officer_looks_it_stays_stopped(cast, sasha, sign_in):
    family = led_family(cast)
    ada = (PEOPLE[1].__class__(kind="child", first_name="Ada", last_name="Okafor", date_of_birth=_born(family, "Ada")),)
    step_down = opened_for(cast, sasha, people=ada, name="Okafor")
    sign_in(sasha).post(url(step_down, "stop_step_down"), {"reason": "The father came back."})
    request = now(step_down).request
    page = reverse("join_request", args=[request.reference, family.reference])
    assert sign_in(cast.locality).get(page).status_code == 403
    assert now(step_down).family is None
    assert "The case stays with social care." in text_of(sign_in(sasha).get(url(step_down)))


def test_answered_in_another_way_the_case_stays_with_social_care(cast, sasha, sign_in):
    family = led_family(cast)
    ada = (PEOPLE[1].__class__(kind="child", first_name="Ada", last_name="Okafor", date_of_birth=_born(family, "Ada")),)
    step_down = opened_for(cast, sasha, people=ada, name="Okafor")
    page = reverse("answer_request", args=[now(step_down).request.reference])
    sign_in(cast.locality).post(page, {"outcome": "declined", "reason": "Ring us first, please."})
    shown = text_of(sign_in(sasha).get(url(step_down)))
    assert "This step-down was stopped" in shown
    assert "Ring us first, please." in shown


def test_who_accepted_and_can_lead_no_more_opens_no_gate(cast, handed, sasha, sign_in):
    ready(cast, handed, sasha)
    assert missing(handed) == []
    choices_of(now(handed).family, cast.school, Tier.NONE, sasha)
    assert missing(handed) == ["lead"]
    assert "can’t lead now" in text_of(sign_in(sasha).get(url(handed)))
    choices_of(now(handed).family, cast.school, Tier.ADDITIONAL, sasha)
    assert missing(handed) == []
    with acting_as_system("test"):
        Membership.objects.filter(user=cast.alice).delete()
    assert missing(handed) == ["lead"]


def test_an_old_scan_is_not_the_new_agreements(cast, handed):
    agrees(handed, cast.school)
    assert "agreement" not in missing(handed)
    with clock.frozen_at(clock.now() + clock.WEEK):
        withdraws(handed)
        agrees(handed, cast.school, filed=False)
        assert "agreement" in missing(handed)


def test_given_on_before_their_yes_it_still_waits_for_the_next_ones(cast, sasha, sign_in):
    support = make_user("Support", social_care(), Role.BUSINESS_SUPPORT, supports=sasha)
    step_down, other = opened_for(cast, sasha, by=support), social_worker("Other")
    sign_in(sasha).post(url(step_down, "give_step_down"), {"to": str(other.pk)})
    assert now(step_down).confirmed_at is None
    sign_in(other).post(url(step_down, "confirm_step_down"))
    assert now(step_down).family


def test_nobody_whom_the_family_is_kept_from_gets_it(cast, handed, sasha, sign_in):
    other = social_worker("Other")
    with acting_as_system("test"):
        ConnectedUser.objects.create(family=now(handed).family, user=other)
    page = sign_in(sasha).get(url(handed, "give_step_down"))
    assert "Other" not in text_of(page)
    with acting_as(sasha), pytest.raises(Refused, match="can’t take this"):
        completing.give(step_down=now(handed), to=other, actor=sasha)


def test_what_early_help_writes_is_not_read_by_whom_the_family_refused(cast, handed, sasha):
    agrees(handed, cast.school)
    leads(handed, cast.alice, cast.school)
    step(handed, "told", by=cast.alice, words="Wanda told Alice that she is unwell.")
    choices_of(now(handed).family, social_care(), Tier.NONE, cast.alice)
    with acting_as(sasha):
        assert not Step.objects.filter(words__contains="unwell").exists()


def test_support_that_knows_the_family_privately_sees_it_no_more(cast, sasha, sign_in):
    support = make_user("Support", social_care(), Role.BUSINESS_SUPPORT, supports=sasha)
    step_down = opened_for(cast, sasha, by=support)
    sign_in(sasha).post(url(step_down, "confirm_step_down"))
    assert sign_in(support).get(url(step_down)).status_code == 200
    with acting_as_system("test"):
        ConnectedUser.objects.create(family=now(step_down).family, user=support)
    assert sign_in(support).get(url(step_down)).status_code == 404


def test_each_side_takes_back_its_own_and_no_agency_agrees_for_both(cast, sasha, sign_in):
    set_procedure({"step_down.steps": PANEL_TOO})
    handed = opened_for(cast, sasha)
    agrees(handed, cast.school)
    for user, side in ((sasha, "social_care"), (cast.locality, "early_help")):
        with acting_as(user):
            steps.agree_at_panel(step_down=now(handed), side=side, said=_said(), actor=user)
    with acting_as_system("test"):
        help_said = Step.objects.get(code="panel_help")
    assert sign_in(sasha).get(url(handed, "take_back_step", help_said.pk)).status_code == 403
    nora = make_user("Nora", social_care())
    leads(handed, nora, social_care())
    assert sign_in(nora).get(url(handed, "agree_at_panel")).status_code == 403


def test_the_days_to_the_visit_follow_panel_and_visits(cast, sasha):
    set_procedure({"step_down.steps": PANEL_TOO})
    handed = opened_for(cast, sasha)
    agrees(handed, cast.school)
    leads(handed, cast.alice, cast.school)
    step(handed, "visit")
    with clock.frozen_at(clock.now() + clock.WEEK):
        for user, side in ((sasha, "social_care"), (cast.locality, "early_help")):
            with acting_as(user):
                steps.agree_at_panel(step_down=now(handed), side=side, said=_said(), actor=user)
        assert "visit" in missing(handed)  # the one before the panel was another
        step(handed, "visit")
        step(handed, "visit", words="Again.")
        assert "visit" not in missing(handed)
        with acting_as_system("test"):
            rows = list(Step.objects.filter(code="visit").order_by("pk"))
        for row, left in ((rows[1], True), (rows[2], False)):
            with acting_as(sasha):
                steps.take_back(step=row, reason="It was somebody else.", actor=sasha)
            assert ("visit" not in missing(handed)) == left
            with acting_as_system("test"):
                assert (Timescale.objects.get(kind="joint_visit").met_at is not None) == left


def test_social_care_is_told_when_early_help_ends_under_a_step_down(cast, sasha, sign_in):
    handed = opened_for(cast, sasha)
    with acting_as_system("test"):
        completing.episodes.end(episode=now(handed).episode, reason="other", note="x", actor=cast.service)
    assert "was stopped" in text_of(sign_in(sasha).get(reverse("messages")))


def test_only_the_social_worker_records_what_is_theirs(cast, handed, sign_in):
    agrees(handed, cast.school)
    leads(handed, cast.alice, cast.school)
    assert sign_in(cast.alice).get(url(handed, "record_step", "case_note")).status_code == 403
    assert sign_in(cast.alice).get(url(handed, "record_step", "told")).status_code == 200


def test_a_restricted_step_down_is_stopped_by_the_service_manager(cast, handed, sasha, sign_in):
    agrees(handed, cast.school)
    leads(handed, cast.alice, cast.school)
    with acting_as_system("test"):
        Family.objects.update(restricted=True)
    assert sign_in(sasha).get(url(handed)).status_code == 404
    sign_in(cast.service).post(url(handed, "stop_step_down"), {"reason": "It goes on with social care."})
    assert now(handed).stopped_at


def test_nobody_else_is_asked_before_a_no_was_talked_over_unless_for_a_reason(cast, handed, sasha, sign_in):
    agrees(handed, cast.school, cast.health)
    row, client = now(handed), sign_in(sasha)
    with acting_as(sasha):
        lead = team.ask_to_lead(
            family=row.family, episode=row.episode, user=cast.alice, agency=cast.school, without_wish="x", actor=sasha
        )
    with acting_as(cast.alice):
        team.answer_lead(lead=lead, accept=False, reason="I leave soon.", actor=cast.alice)
    page = reverse("ask_to_lead", args=[row.family.reference])
    form = opened(client, page) | {
        "who": f"{cast.charlie.pk}-{cast.health.pk}", "without_wish": "They were asked by phone.", "stays": "yes",
    }  # fmt: skip
    assert "Alice declined, and nobody has talked it over" in text_of(client.get(page))
    assert "Record first how it was talked over" in text_of(client.post(page, form))
    reason = {"without_challenge": "She leaves in a week, and her manager agrees."}
    assert client.post(page, form | reason).status_code == 302
    assert "her manager agrees" in text_of(client.get(reverse("team", args=[row.family.reference])))


def test_the_worker_hands_the_family_to_somebody_else(cast, handed, sasha, sign_in):
    agrees(handed, cast.school)
    refused = sign_in(sasha).get(reverse("lead_myself", args=[now(handed).family.reference]))
    assert refused.status_code == 403
    assert "ask whoever leads from now on" in text_of(refused)


def test_nobody_is_said_to_have_refused_before_they_were_asked(cast, handed, sasha, sign_in):
    step(handed, "offer")
    assert "everything stops" not in text_of(sign_in(sasha).get(url(handed)))


def test_whoever_is_asked_to_lead_reads_whence_the_family_comes(cast, handed, sasha, sign_in):
    agrees(handed, cast.school)
    row = now(handed)
    with acting_as(sasha):
        lead = team.ask_to_lead(
            family=row.family, episode=row.episode, user=cast.alice, agency=cast.school, without_wish="x", actor=sasha
        )
    asked = text_of(sign_in(cast.alice).get(reverse("answer_lead", args=[row.family.reference, lead.pk])))
    assert "Social care steps this family down. Sasha of Children’s social care hands over to you" in asked


def test_before_completing_one_reads_what_is_left_undone_and_the_sentence_to_copy(cast, handed, sasha, sign_in):
    ready(cast, handed, sasha)
    for page in (url(handed), url(handed, "complete_step_down")):
        shown = text_of(sign_in(sasha).get(page))
        assert "aren’t needed for that" in shown or "don’t keep the case open" in shown
        assert "Visit the family together" in shown
    assert "it was decided that the family steps down to Early Help: They would like it." in shown


def test_the_chronology_tells_of_it(cast, handed, sasha, sign_in):
    ready(cast, handed, sasha)
    with acting_as(sasha):
        completing.complete(step_down=now(handed), family_told="At home", actor=sasha)
    shown = text_of(sign_in(cast.alice).get(reverse("chronology", args=[now(handed).family.reference])))
    for words in (
        "Social care began to step the family down",
        "Step-down: Put date and decision",
        "The case closed to social care",
    ):
        assert words in shown


def test_a_stranger_learns_nothing(cast, handed, sign_in):
    for user in (cast.dana, cast.charlie, cast.admin, cast.auditor, cast.superuser):
        assert sign_in(user).get(url(handed)).status_code == 404
    with acting_as(cast.dana):
        assert not StepDown.objects.exists()
    assert opening.workers_for(cast.dana) == []
    assert ask(cast, name="Quigley")
