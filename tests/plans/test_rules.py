"""The rules of plans and reviews by themselves: no database, and as many answers as anyone could give."""

from dataclasses import fields
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from families.models import Person
from plans import rules
from plans.forms import plan as forms
from plans.forms.review import MoveReviewForm, ReviewForm
from plans.models import Review
from plans.rules import AgreeSaid, Attender, MoveSaid, Result, ReviewNow, ReviewSaid, ReviewTime

NOW = datetime(2026, 11, 23, 10, 0, tzinfo=UTC)
TIME = ReviewTime(amount=6, unit="weeks", from_weeks=4, closures=frozenset(), now=NOW)
REVIEW = ReviewNow(
    time=TIME, agreed_on=date(2026, 10, 1), last_held=NOW - timedelta(days=20), open_actions={7: "Alice"}, people={1}
)
moments = st.none() | st.integers(-60, 5).map(lambda days: NOW + timedelta(days=days))
days = st.none() | st.integers(-5, 100).map(lambda days: NOW.date() + timedelta(days=days))
words = st.sampled_from(["", "Said so."])
reviews = st.builds(
    ReviewSaid,
    held_at=moments,
    how=st.sampled_from(Review.How.values),
    finding=st.sampled_from(["", *Review.Finding.values]),
    decision=st.sampled_from(["", *Review.Decision.values]),
    attendances=st.lists(
        st.builds(
            Attender, st.sampled_from(["came", "apologies"]), person=st.sampled_from([Person(pk=1), Person(pk=2)])
        ),
        max_size=2,
    ),
    results=st.sampled_from([{}, {7: Result("done")}, {7: Result("open")}, {7: Result("strange")}]),
    next_review_on=days,
    early_reason=words,
    no_progress_for=st.sampled_from(["", "too_soon"]),
    unchanged_reason=words,
    end_agreed=st.sampled_from(["", *Review.EndAgreed.values]),
    end_reason=words,
)


@given(said=reviews)
def test_a_review_that_nothing_stands_in_the_way_of_has_all_that_a_review_needs(said):
    problems = list(rules.review_problems(REVIEW, said))
    assert len({problem.field for problem in problems}) == len(problems), "one sentence beside each question"
    if problems:
        return
    assert REVIEW.last_held < said.held_at <= NOW
    assert said.finding in Review.Finding.values
    assert said.how == "none" or any(one.status == "came" for one in said.attendances)
    assert said.results[7].result == "done"
    assert not said.is_unchanged or (said.unchanged_reason and said.no_progress_for)
    if said.goes_on:
        assert TIME.first(said.held_at) <= said.next_review_on or said.early_reason
        assert said.held_at.date() < said.next_review_on <= TIME.last(said.held_at)
    else:
        assert said.next_review_on is None
        assert said.end_agreed != "not_all" or said.end_reason


@given(said=st.builds(AgreeSaid, days, days, words))
def test_a_plan_is_agreed_on_a_day_that_was_with_a_review_in_time(said):
    problems = list(rules.agree_problems(said, time=TIME, started_at=NOW - timedelta(days=3)))
    if not problems:
        assert NOW.date() - timedelta(days=3) <= said.agreed_on <= NOW.date()
        assert said.agreed_on < said.next_review_on <= TIME.last(rules.start_of(said.agreed_on))


@given(said=st.builds(MoveSaid, days, words))
def test_a_review_is_moved_within_its_time_for_a_reason(said):
    arranged, last = NOW.date() + timedelta(days=10), NOW.date() + timedelta(days=30)
    if not list(rules.move_problems(said, arranged=arranged, last=last, today=NOW.date())):
        assert said.reason
        assert NOW.date() <= said.moved_to <= last
        assert said.moved_to != arranged


def test_everything_that_stands_in_the_way_is_said_at_once():
    said = ReviewSaid(held_at=None, how="meeting", finding="", decision="end_met", end_agreed="not_all")
    assert {problem.field for problem in rules.review_problems(REVIEW, said)} == {
        "held_at", "attendances", "result_7", "finding", "end_reason",
    }  # fmt: skip


def test_nobody_of_another_family_came():
    stranger = [Attender("came", person=Person(pk=1)), Attender("came", person=Person(pk=2))]
    said = ReviewSaid(held_at=NOW, how="meeting", finding="positive", decision="continue", attendances=stranger)
    problems = {problem.text: problem.field for problem in rules.review_problems(REVIEW, said)}
    assert problems["Choose someone of this family"] == "attendances"


def test_an_action_is_something_that_someone_does_by_a_day():
    said = rules.ActionSaid("", None, None, None)
    problems = {problem.field for problem in rules.action_problems(said, family_id=1, around=[], today=NOW.date())}
    assert problems == {"text", "who", "due_on"}


@pytest.mark.parametrize(
    ("form", "said"),
    [(ReviewForm, rules.ReviewSaid), (forms.AgreeForm, AgreeSaid), (MoveReviewForm, MoveSaid)],
)
def test_what_is_said_and_what_is_asked_have_the_same_names(form, said):
    asked = set(form.base_fields) | {"attendances", "results"}
    assert {one.name for one in fields(said)} <= asked
