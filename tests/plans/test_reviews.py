"""Reviews: one finding, one decision, the next date or the end; and the clock that asks for them."""

import uuid
from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from consent.models import Tier
from consent.services.ledger import record_choices
from consent.word import Choice
from earlyhelp.access.identity import acting_as, acting_as_system
from earlyhelp.core import clock
from earlyhelp.core.clock import LONDON
from earlyhelp.core.errors import Refused
from earlyhelp.notifications.models import Notification
from earlyhelp.timescales.models import Timescale
from families.models import Episode, Lead
from plans import services
from plans.models import Action, ActionResult, Attendance, Plan, Review
from plans.rules import AgreeSaid, Attender, Result, ReviewSaid
from tests.cast import child, set_procedure
from tests.plans.helpers import NEXT, agreed_plan, counts, day, draft_plan, review_answers
from tests.plans.test_plan_pages import page, send, text_of


def review_clocks(family):
    with acting_as_system("test"):
        return list(Timescale.objects.filter(family=family, kind="review").order_by("pk"))


def ends_on(*, year, month, day):
    return datetime(year, month, day, 23, 59, 59, tzinfo=LONDON).astimezone(UTC)


def test_a_review_is_recorded_with_all_that_was_said(cast, sign_in, family):
    agreed_plan(cast, family)
    alice = sign_in(cast.alice)
    with acting_as(cast.alice):
        partly = Action.objects.get(text="Teach a bedtime routine")
    answers = review_answers(
        cast, family, **{f"result_{partly.pk}": "partly", f"note_{partly.pk}": "Two nights of three"}
    )
    answer = send(alice, "hold_review", family, **answers)
    assert answer.status_code == 302
    shown = text_of(alice.get(answer.url))
    for each in [
        "Positive change",
        "Continue as is",
        "4 January 2027",
        "Grace: mornings are better.",
        "Ada: I like my alarm.",
        "Two nights of three",
        "Charlie, Health visiting: sent an update",
        "Priya: came",
        "housing: came",
        "Ada Okafor: not there",
    ]:
        assert each in shown, each
    assert "Positive change" in text_of(page(alice, "plan", family))
    with acting_as(cast.charlie):
        assert Attendance.objects.exclude(status="absent").count() == 5
        assert sorted(ActionResult.objects.values_list("result", flat=True)) == ["done", "done", "partly"]
        assert Action.objects.get(pk=partly.pk).status == "partly"
        assert Notification.objects.filter(user=cast.charlie, kind="plans.reviewed").count() == 1
    shown = text_of(page(alice, "hold_review", family))
    assert "Teach a bedtime routine" in shown
    assert "Ring the breakfast club" not in shown


def test_what_a_withheld_person_did_or_is_about_is_not_in_the_review_that_agency_reads(cast, sign_in, family):
    agreed_plan(cast, family)
    with acting_as(cast.alice):
        ada = child(family)
    answers = review_answers(cast, family, **{f"person_{ada.pk}": "came"})
    url = send(sign_in(cast.alice), "hold_review", family, **answers).url
    with acting_as(cast.alice):
        record_choices(family=family, choices=[Choice(ada, cast.health, Tier.NONE, ada)], actor=cast.alice)
    alice, charlie = text_of(sign_in(cast.alice).get(url)), text_of(sign_in(cast.charlie).get(url))
    for words in ("Teach a bedtime routine", "Ada Okafor"):
        assert words in alice
        assert words not in charlie
    assert "Ring the breakfast club" in charlie


ONE_FINDING = "Select what the review found. The people at the review agree on one finding"
ONE_DECISION = "Select what was decided. The people at the review agree on one decision"


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"finding": None}, ONE_FINDING),
        ({"decision": None}, ONE_DECISION),
        ({"finding": ["positive", "no_change"]}, "Select only one finding. The people at the review agree on it"),
        ({"decision": ["amend", "end_met"]}, "Select only one decision. The people at the review agree on it"),
        ({"finding": "wonderful"}, "Select one of the answers shown"),
        (
            day("next_review_on", None),
            "Enter the date of the next review. Agree it with the family before everyone leaves",
        ),
        (day("next_review_on", date(2027, 1, 5)), "on or before 4 January 2027"),
        (day("next_review_on", date(2026, 12, 1)), "Enter why the review is before 21 December 2026"),
        (
            {"next_review_on_day": "30", "next_review_on_month": "2"},
            "The date of the next review must be a real date",
        ),
        ({"finding": "no_change"}, "Enter why the plan goes on as it is, or select to amend the plan"),
        ({"finding": "deterioration"}, "Enter why the plan goes on as it is, or select to amend the plan"),
        (day("held_at", date(2026, 11, 24)), "The time of the review must be in the past"),
        (day("held_at", date(2026, 11, 20)), "before the plan was agreed"),
    ],
)
def test_a_review_that_lacks_something_is_refused_and_keeps_what_was_typed(cast, sign_in, family, changes, says):
    agreed_plan(cast, family)
    before = counts()
    answers = review_answers(cast, family, **changes)
    answer = send(sign_in(cast.alice), "hold_review", family, **answers)
    assert answer.status_code == 200
    shown = text_of(answer)
    assert says in shown
    assert "Grace: mornings are better." in shown
    assert "All went well." in shown
    assert counts() == before
    assert [c.state for c in review_clocks(family)] == ["running"]
    with acting_as(cast.alice):
        assert set(Action.objects.values_list("status", flat=True)) == {"open"}


def test_a_review_says_what_each_open_action_came_to(cast, sign_in, family):
    agreed_plan(cast, family)
    with acting_as(cast.alice):
        act = Action.objects.get(text="Put clothes out at night")
    answers = review_answers(cast, family, **{f"result_{act.pk}": None})
    shown = text_of(send(sign_in(cast.alice), "hold_review", family, **answers))
    assert "Select what action 2 came to. Grace Okafor can tell you" in shown
    assert counts()["Review"] == 0


def test_a_meeting_says_who_came(cast, sign_in, family):
    agreed_plan(cast, family)
    with acting_as(cast.alice):
        nobody = {name: "" for name in review_answers(cast, family) if name.startswith(("person_", "user_"))}
    answers = review_answers(cast, family, **nobody, others="")
    alice = sign_in(cast.alice)
    assert "Select who came. If nobody met, select that there was no meeting" in text_of(
        send(alice, "hold_review", family, **answers)
    )
    assert send(alice, "hold_review", family, **answers | {"how": "none"}).status_code == 302


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"finding": ""}, "agree on one finding"),
        ({"decision": "both"}, "agree on one decision"),
        ({"results": {}}, "Select what action 1 came to"),
        ({"next_review_on": None}, "Enter the date of the next review"),
        ({"decision": "end_met"}, "no next review when early help ends"),
        ({"finding": "no_change"}, "or select to amend the plan"),
        ({"attendances": []}, "Select who came"),
        ({"held_at": datetime(2026, 11, 23, 10, 1, tzinfo=LONDON)}, "must be in the past"),
    ],
)
def test_the_service_refuses_the_same_and_leaves_nothing_half_saved(cast, family, changes, says):
    plan = agreed_plan(cast, family)
    before = counts()
    with acting_as(cast.alice), pytest.raises(Refused, match=says):
        hold(cast, plan, **changes)
    assert counts() == before


def hold(cast, plan, actor=None, **changes):
    actions = Action.objects.filter(outcome__plan=plan).exclude(status__in=Action.SETTLED)
    given = {
        "held_at": clock.now(),
        "how": "meeting",
        "finding": "positive",
        "decision": "continue",
        "attendances": [Attender("came", user=cast.alice), Attender("came", name="Priya, housing")],
        "results": {a.pk: Result("not_done") for a in actions},
        "child_voice": "",
        "family_views": "",
        "notes": "",
        "next_review_on": clock.today() + timedelta(weeks=6),
    }
    return services.hold_review(plan=plan, said=ReviewSaid(**given | changes), actor=actor or cast.alice)


def test_the_database_keeps_no_review_without_a_finding_or_with_an_end_and_a_next_date(cast, family):
    plan = agreed_plan(cast, family)
    base = {"family": family, "plan": plan, "held_at": clock.now(), "how": "phone", "recorded_by": cast.alice}
    for wrong in [
        {"finding": "", "decision": "end_met"},
        {"finding": "positive", "decision": "continue"},
        {"finding": "positive", "decision": "end_met", "next_review_on": NEXT},
    ]:
        with acting_as(cast.alice), pytest.raises(IntegrityError), transaction.atomic():
            Review.objects.create(**base, **wrong)


def test_no_change_goes_on_with_a_reason_that_is_kept_and_shown(cast, sign_in, family):
    agreed_plan(cast, family)
    alice = sign_in(cast.alice)
    assert 'name="unchanged_reason"' not in text_of(page(alice, "hold_review", family))
    answers = review_answers(cast, family, finding="no_change")
    assert 'name="unchanged_reason"' in text_of(send(alice, "hold_review", family, **answers))
    why = {"unchanged_reason": "Club starts in January", "no_progress_for": "too_soon"}
    answer = send(alice, "hold_review", family, **answers, **why)
    assert "It is too soon to tell" in text_of(alice.get(answer.url))
    assert "Club starts in January" in text_of(alice.get(answer.url))


def test_to_amend_needs_no_reason_and_leads_back_to_the_plan(cast, sign_in, family):
    agreed_plan(cast, family)
    answers = review_answers(cast, family, finding="deterioration", decision="amend", **day("next_review_on", NEXT))
    alice = sign_in(cast.alice)
    answer = send(alice, "hold_review", family, **answers)
    assert "Change the plan" in text_of(alice.get(answer.url))
    assert page(alice, "add_outcome", family).status_code == 200


@pytest.mark.parametrize(
    ("decision", "reason"),
    [("end_met", "met"), ("end_single_agency", "single_agency"), ("end_universal", "universal")],
)
def test_an_end_stops_the_clocks_and_the_teams_access_and_the_lead_still_reads_the_plan(
    cast, sign_in, family, decision, reason
):
    agreed_plan(cast, family)
    alice, charlie = sign_in(cast.alice), sign_in(cast.charlie)
    answers = review_answers(cast, family, decision=decision)
    if reason == "single_agency":
        assert "Enter which agency goes on" in text_of(send(alice, "hold_review", family, **answers))
        answers["end_agency"] = "The school, Ms Bell"
    answer = send(alice, "hold_review", family, **answers)
    assert answer.status_code == 302
    with acting_as_system("test"):
        episode = Episode.objects.get(family=family)
        assert (episode.stage, episode.end_reason) == ("ended", reason)
        assert Plan.objects.get().status == "ended"
        assert Review.objects.get().next_review_on is None
        assert not [c for c in Timescale.objects.filter(family=family) if c.is_open]
        assert Notification.objects.filter(user=cast.charlie, kind="families.ended").count() == 1
    assert [c.state for c in review_clocks(family)] == ["met"]
    for name, *args in [("plan",), ("print_plan",), ("review", 1)]:
        assert page(charlie, name, family, *args).status_code == 404
    assert "None: early help ended" in text_of(alice.get(answer.url))
    shown = text_of(page(alice, "plan", family))
    assert "Ring the breakfast club" in shown
    assert "Add an" not in shown
    assert page(alice, "print_plan", family).status_code == 200
    for name in ("hold_review", "add_outcome"):
        refusal = page(alice, name, family)
        assert refusal.status_code == 403
        assert "Early help for this family has ended" in text_of(refusal)


def test_a_review_sent_twice_is_recorded_once(cast, sign_in, family):
    agreed_plan(cast, family)
    alice, token = sign_in(cast.alice), str(uuid.uuid4())
    answers = review_answers(cast, family)
    for _ in range(2):
        assert send(alice, "hold_review", family, **answers, form_token=token).status_code == 302
    again = send(alice, "hold_review", family, **answers, form_token=str(uuid.uuid4()))
    assert "A later review is recorded already" in text_of(again)
    assert counts()["Review"] == 1
    assert len(review_clocks(family)) == 2


def test_what_was_done_between_reviews_is_reported_in_the_next_one_once(cast, family):
    plan = agreed_plan(cast, family)
    with acting_as(cast.alice):
        act = Action.objects.get(text="Ring the breakfast club")
        services.set_action_status(action=act, status="done", actor=cast.alice)
        first = hold(cast, plan)
        assert ActionResult.objects.get(review=first, action=act).result == "done"
        with clock.frozen_at(clock.now() + timedelta(weeks=6)):
            second = hold(cast, plan)
        assert not ActionResult.objects.filter(review=second, action=act).exists()


def test_a_draft_has_nothing_to_review(cast, sign_in, family):
    draft_plan(cast, family)
    refusal = page(sign_in(cast.alice), "hold_review", family)
    assert refusal.status_code == 403
    assert "There is no agreed plan to review. Agree the plan with the family first." in text_of(refusal)


def test_the_lead_or_their_manager_holds_the_review(cast, sign_in, family):
    agreed_plan(cast, family)
    assert page(sign_in(cast.manager), "hold_review", family).status_code == 200
    assert page(sign_in(cast.bob), "hold_review", family).status_code == 404


def test_a_draft_of_the_review_is_offered_back(cast, sign_in, family):
    agreed_plan(cast, family)
    alice = sign_in(cast.alice)
    form = page(alice, "hold_review", family)
    address = form.context["draft_url"]
    assert alice.post(address, {"family_views": "Half a sent", "early_reason": "Because"}).status_code == 200
    shown = text_of(page(alice, "hold_review", family))
    assert "Half a sent" in shown
    assert "Because" in shown


# The clock


def test_the_first_review_is_due_six_weeks_after_the_plan_was_agreed_and_the_next_after_the_last_was_held(cast, family):
    plan = agreed_plan(cast, family)
    (first,) = review_clocks(family)
    assert first.anchor == "the plan was agreed"
    assert first.due_at == ends_on(year=2027, month=1, day=4)
    assert first.owner == cast.alice
    assert first.owner_agency == cast.school
    held = datetime(2026, 12, 16, 15, 0, tzinfo=LONDON)
    with clock.frozen_at(datetime(2026, 12, 18, 9, 0, tzinfo=LONDON)), acting_as(cast.alice):
        hold(cast, plan, held_at=held, next_review_on=date(2027, 1, 27))
    first, second = review_clocks(family)
    assert (first.met_at, first.state) == (held, "met")
    assert second.anchor == "the last review was held"
    assert second.anchor_at == held
    assert second.due_at == ends_on(year=2027, month=1, day=27)


def test_six_weeks_end_with_their_day_across_the_spring_clock_change(cast, family):
    with clock.frozen_at(datetime(2027, 3, 1, 16, 0, tzinfo=LONDON)):
        agreed_plan(cast, family, next_review_on=date(2027, 4, 12))
    (first,) = review_clocks(family)
    assert first.due_at == datetime(2027, 4, 12, 22, 59, 59, tzinfo=UTC)


def test_a_review_held_late_meets_its_clock_late(cast, family):
    plan = agreed_plan(cast, family)
    with clock.frozen_at(datetime(2027, 1, 5, 9, 0, tzinfo=LONDON)), acting_as(cast.alice):
        assert review_clocks(family)[0].state == "overdue"
        hold(cast, plan, held_at=clock.now())
    assert [c.state for c in review_clocks(family)] == ["met late", "running"]


def test_the_local_procedure_says_how_long(cast, family):
    set_procedure({"clocks.review.amount": 12})
    plan = agreed_plan(cast, family, next_review_on=date(2027, 2, 15))
    (first,) = review_clocks(family)
    assert first.due_at == ends_on(year=2027, month=2, day=15)
    assert plan.early_reason == ""


def test_a_plan_recorded_late_can_still_be_given_a_review_date(cast, family):
    plan = draft_plan(cast, family)
    with clock.frozen_at(datetime(2027, 2, 1, 9, 0, tzinfo=LONDON)), acting_as(cast.alice):
        services.agree(plan=plan, said=AgreeSaid(date(2026, 11, 23), date(2027, 2, 1)), actor=cast.alice)
        assert review_clocks(family)[0].state == "overdue"


def test_the_manager_reviews_and_the_clock_stays_the_leads(cast, family):
    plan = agreed_plan(cast, family)
    with acting_as(cast.manager):
        hold(cast, plan, actor=cast.manager)
    assert review_clocks(family)[1].owner == cast.alice
    with acting_as(cast.alice):
        assert Lead.objects.get(family=family).user == cast.alice


def test_the_page_of_a_plan_says_the_state_of_the_clock(cast, sign_in, family):
    agreed_plan(cast, family)
    url = reverse("plan", args=[family.reference])
    for when, words in [(date(2026, 12, 28), "Due soon"), (date(2027, 1, 5), "Overdue")]:
        with clock.frozen_at(datetime(when.year, when.month, when.day, 9, 0, tzinfo=LONDON)):
            with acting_as(cast.alice):
                Action.objects.update(status="done")
            assert words in text_of(sign_in(cast.alice).get(url))
