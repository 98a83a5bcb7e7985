"""The next review is put on another day without being held; the end is agreed to, or it says why not."""

from datetime import date, datetime, timedelta

import pytest
from django.db import IntegrityError, transaction

from earlyhelp.access.identity import acting_as, acting_as_system
from earlyhelp.core import clock
from earlyhelp.core.clock import LONDON
from earlyhelp.core.errors import Refused
from earlyhelp.notifications.models import Notification
from earlyhelp.timescales.models import Timescale
from earlyhelp.timescales.services import ask_extension, decide_extension
from families.models import Episode
from plans import services
from plans.models import Plan, Review, ReviewMove
from plans.rules import AgreeSaid
from tests.plans.helpers import NEXT, agreed_plan, counts, day, draft_plan, review_answers
from tests.plans.test_plan_pages import page, send, text_of
from tests.plans.test_reviews import hold, review_clocks

SOONER = date(2026, 12, 2)
WHY = "Things got harder at home"


def move(client, family, to=SOONER, **changes):
    return send(client, "move_review", family, **({**day("moved_to", to), "reason": WHY} | changes))


def test_the_lead_brings_a_review_forward_and_both_days_stay_on_the_page(cast, sign_in, family):
    agreed_plan(cast, family)
    alice, before = sign_in(cast.alice), review_clocks(family)[0].due_at
    assert "It is arranged for 4 January 2027." in text_of(page(alice, "move_review", family))
    assert move(alice, family, arrangements="At school, 9am").status_code == 302
    shown = text_of(page(alice, "plan", family))
    assert "Moved from 4 January 2027 to 2 December 2026 by Alice" in shown
    assert WHY in shown
    assert "At school, 9am" in shown
    (only,) = review_clocks(family)
    assert (only.due_at, only.state) == (before, "running")
    with acting_as(cast.charlie):
        assert Plan.objects.get().next_review_on == SOONER
        assert Notification.objects.filter(user=cast.charlie, kind="plans.review_moved").count() == 1
    assert "Next review moved from 4 January 2027 to 2 December 2026" in text_of(page(alice, "chronology", family))


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        (day("moved_to", None), "Enter the new day of the review. Agree it with the family"),
        ({"reason": ""}, "Enter why the review is moved"),
        (day("moved_to", NEXT), "The review is on that day already. Enter another day"),
        (day("moved_to", date(2026, 11, 22)), "must be today or in the future"),
        (day("moved_to", date(2027, 1, 5)), "on or before 4 January 2027. Enter an earlier date, or ask a manager"),
    ],
)
def test_a_move_that_lacks_something_is_refused_and_keeps_what_was_typed(cast, sign_in, family, changes, says):
    agreed_plan(cast, family)
    answer = move(sign_in(cast.alice), family, arrangements="At Grace’s home", **changes)
    assert answer.status_code == 200
    assert says in text_of(answer)
    assert "At Grace’s home" in text_of(answer)
    with acting_as(cast.alice):
        assert Plan.objects.get().next_review_on == NEXT
        assert not ReviewMove.objects.exists()


def test_more_time_from_a_manager_lets_the_review_move_as_far(cast, sign_in, family):
    agreed_plan(cast, family)
    with acting_as(cast.alice):
        extension = ask_extension(
            timescale=Timescale.objects.get(kind="review"),
            reason="Grace is in hospital",
            due_at=datetime(2027, 1, 18, 23, 59, 59, tzinfo=LONDON),
            actor=cast.alice,
        )
    with acting_as(cast.manager):
        decide_extension(extension=extension, approve=True, reason="", actor=cast.manager)
    assert move(sign_in(cast.alice), family, date(2027, 1, 18)).status_code == 302
    answer = move(sign_in(cast.alice), family, date(2027, 1, 19))
    assert "on or before 18 January 2027" in text_of(answer)


def test_only_the_lead_or_their_manager_moves_a_review_and_only_one_that_is_arranged(cast, sign_in, family):
    draft_plan(cast, family)
    assert page(sign_in(cast.alice), "move_review", family).status_code == 403
    with acting_as(cast.alice):
        services.agree(plan=Plan.objects.get(), said=AgreeSaid(clock.today(), NEXT), actor=cast.alice)
    assert page(sign_in(cast.charlie), "move_review", family).status_code == 403
    assert "move_review" not in text_of(page(sign_in(cast.charlie), "plan", family))
    assert page(sign_in(cast.dana), "move_review", family).status_code == 404
    assert move(sign_in(cast.manager), family).status_code == 302


def test_a_move_belongs_to_its_review_and_is_not_shown_with_the_next_one(cast, sign_in, family):
    plan = agreed_plan(cast, family, next_review_on=NEXT)
    alice = sign_in(cast.alice)
    move(alice, family)
    with clock.frozen_at(clock.now() + timedelta(days=9)):
        with acting_as(cast.alice):
            hold(cast, plan)
        assert WHY not in text_of(page(sign_in(cast.alice), "plan", family))
        move(sign_in(cast.alice), family, date(2026, 12, 31), reason="The school is closed on the day")
        shown = text_of(page(sign_in(cast.alice), "plan", family))
    assert "The school is closed on the day" in shown
    with acting_as(cast.alice):
        assert [(m.number, m.reason) for m in ReviewMove.objects.order_by("pk")] == [
            (1, WHY),
            (2, "The school is closed on the day"),
        ]


def test_the_database_keeps_no_move_without_a_reason(cast, family):
    plan = agreed_plan(cast, family)
    with acting_as(cast.alice), pytest.raises(IntegrityError), transaction.atomic():
        ReviewMove.objects.create(
            family=family, plan=plan, number=1, moved_from=NEXT, moved_to=SOONER, reason="", moved_by=cast.alice
        )


# The end


def end(cast, client, family, **changes):
    answers = {**review_answers(cast, family, decision="end_met"), **changes}
    return send(client, "hold_review", family, **answers)


def test_an_end_asks_whether_everyone_agrees_and_shows_who_does(cast, sign_in, family):
    agreed_plan(cast, family)
    alice, before = sign_in(cast.alice), counts()
    assert text_of(page(alice, "hold_review", family)).count('data-opens="2"') == 3  # under each of the three ends
    asked = text_of(end(cast, alice, family, end_agreed=""))
    assert "Select whether the children, the family and the others at the review agree to the end" in asked
    assert "Grace: mornings are better." in asked
    assert counts() == before
    answer = end(cast, alice, family, end_agreed="too_young")
    assert "the children are too young to say" in text_of(alice.get(answer.url))


def test_an_end_that_not_everyone_agrees_to_needs_a_reason_that_stays(cast, sign_in, family):
    agreed_plan(cast, family)
    alice = sign_in(cast.alice)
    why = "Ada would like to keep seeing Charlie. He will still call."
    asked = text_of(end(cast, alice, family, end_agreed="not_all"))
    assert "Enter who does not agree, what they say, and why early help ends all the same" in asked
    with acting_as_system("test"):
        assert Episode.objects.get(family=family).ended_at is None
    answer = end(cast, alice, family, end_agreed="not_all", end_reason=why)
    shown = text_of(alice.get(answer.url))
    assert "Not everyone agrees" in shown
    assert why in shown


def test_the_service_ends_nothing_without_a_word_on_who_agrees(cast, family):
    plan = agreed_plan(cast, family)
    for agreed, says in [("", "agree to the end"), ("maybe", "agree to the end"), ("not_all", "who does not agree")]:
        with acting_as(cast.alice), pytest.raises(Refused, match=says):
            hold(cast, plan, decision="end_met", next_review_on=None, end_agreed=agreed)
    with acting_as(cast.alice):
        assert not Review.objects.exists()


def test_a_review_that_goes_on_keeps_no_word_on_an_end(cast, family):
    plan = agreed_plan(cast, family)
    with acting_as(cast.alice):
        review = hold(cast, plan, end_agreed="all", end_reason="x")
    assert (review.end_agreed, review.end_reason) == ("", "")
