"""What stands in the way of saving a part of the plan, each with the question that it belongs to: for form and service."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta

from earlyhelp.accounts.models import User
from earlyhelp.core import clock
from earlyhelp.core.dates import Unit, due
from earlyhelp.core.errors import Problem
from families.models import Episode, Person
from plans.models import Action, Attendance, Review

ENDS = {
    Review.Decision.END_MET: Episode.End.MET,
    Review.Decision.END_SINGLE_AGENCY: Episode.End.SINGLE_AGENCY,
    Review.Decision.END_UNIVERSAL: Episode.End.UNIVERSAL,
}
# What is asked for where an answer is missing
ASKS_OUTCOME = {
    "need": "Enter what it is about. The family can help to say it",
    "outcome": "Enter what will be better. The family can help to say it",
    "how_we_know": "Enter how everyone will know that it is better. The family can help to say it",
}
ASKS_ACTION = {
    "text": "Enter what will be done",
    "who": "Select who will do it. If they are not on the list, the lead can invite them to the team",
    "due_on": "Enter the date by when it will be done. Agree it with the person who will do it",
}
ASKS_AGREED_ON = "Enter the date the plan was agreed"
ASKS_NEXT = "Enter the date of the next review. Agree it with the family before everyone leaves"
ASKS_MOVE = {
    "moved_to": "Enter the new day of the review. Agree it with the family",
    "reason": "Enter why the review is moved",
}
ASKS_REVIEW = {
    "held_at": "Enter when the review was",
    "finding": "Select what the review found. The people at the review agree on one finding",
    "decision": "Select what was decided. The people at the review agree on one decision",
    "end_agreed": "Select whether the children, the family and the others at the review agree to the end",
    "end_reason": "Enter who does not agree, what they say, and why early help ends all the same",
}
ASKS_END = {
    "end_agency": "Enter which agency goes on, and who there",
    "end_note": "Enter what happened",
}
NO_BETTER = (Review.Finding.NO_CHANGE, Review.Finding.DETERIORATION)


def start_of(day: date) -> datetime:
    """The first moment of a London day."""
    return datetime.combine(day, time.min, tzinfo=clock.LONDON)


@dataclass(frozen=True)
class ReviewTime:
    """How soon and how late the local procedure has a review (WOR-09, MED-05), as of now."""

    amount: int
    unit: Unit
    from_weeks: int
    closures: frozenset[date]
    now: datetime

    @property
    def today(self) -> date:
        return clock.in_london(self.now).date()

    def first(self, anchor: datetime) -> date:
        """The first day for a review that needs no reason."""
        return clock.in_london(anchor).date() + timedelta(weeks=self.from_weeks)

    def last(self, anchor: datetime) -> date:
        """The last day; what is recorded so late that it has gone may still be reviewed today."""
        return max(clock.in_london(due(anchor, self.amount, self.unit, self.closures)).date(), self.today)

    def is_early(self, anchor: datetime, day: date) -> bool:
        """Whether a review on that day needs a reason (domain 6)."""
        return day < self.first(anchor)


def next_review_problems(
    time: ReviewTime, *, anchor: datetime, day: date | None, early_reason: str
) -> Iterator[Problem]:
    here = "next_review_on"
    if day is None:
        yield Problem(ASKS_NEXT, here)
    elif day <= clock.in_london(anchor).date():
        yield Problem("The next review must be later than the day it counts from. Enter a later date", here)
    elif day > time.last(anchor):
        yield Problem(
            f"The next review must be on or before {time.last(anchor):%-d %B %Y}. Enter an earlier date. If more time is"
            " needed afterwards, a manager can give it",
            here,
        )
    elif time.is_early(anchor, day) and not early_reason:
        first = time.first(anchor)
        yield Problem(f"Enter why the review is before {first:%-d %B %Y}, or choose a later date", "early_reason")


@dataclass(frozen=True)
class AgreeSaid:
    """What is said when the plan is agreed with the family; `arrangements` are those for the next review (PS-7)."""

    agreed_on: date | None
    next_review_on: date | None
    early_reason: str = ""
    arrangements: str = ""


def agree_problems(said: AgreeSaid, *, time: ReviewTime, started_at: datetime) -> Iterator[Problem]:
    day = said.agreed_on
    if day is None:
        yield Problem(ASKS_AGREED_ON, "agreed_on")
        return
    if day > time.today:
        yield Problem("The date the plan was agreed must be today or in the past", "agreed_on")
    elif day < clock.in_london(started_at).date():
        yield Problem("The plan can’t have been agreed before support was asked for. Check the date", "agreed_on")
    yield from next_review_problems(time, anchor=start_of(day), day=said.next_review_on, early_reason=said.early_reason)


@dataclass(frozen=True)
class MoveSaid:
    """The next review is put on another day (WOR-13)."""

    moved_to: date | None
    reason: str
    arrangements: str = ""


def move_problems(said: MoveSaid, *, arranged: date, last: date, today: date) -> Iterator[Problem]:
    """`last` is the last day that needs no manager."""
    day = said.moved_to
    if day is None:
        yield Problem(ASKS_MOVE["moved_to"], "moved_to")
    elif day == arranged:
        yield Problem("The review is on that day already. Enter another day", "moved_to")
    elif day < today:
        yield Problem("The new day must be today or in the future. If the review was held, record it", "moved_to")
    elif day > last:
        yield Problem(
            f"The review must be on or before {last:%-d %B %Y}. Enter an earlier date, or ask a manager for more time",
            "moved_to",
        )
    if not said.reason:
        yield Problem(ASKS_MOVE["reason"], "reason")


@dataclass(frozen=True)
class Attender:
    """Someone's part in a review: a user, someone of the family, or another by name."""

    status: str
    user: User | None = None
    person: Person | None = None
    name: str = ""


@dataclass(frozen=True)
class Result:
    """What an action came to."""

    result: str
    note: str = ""


@dataclass(frozen=True)
class ReviewSaid:
    """What a review records: who came, what each open action (by its id) came to, one finding and one decision (WOR-10,
    WOR-11); then the next date, or who agrees to the end (WOR-14)."""

    held_at: datetime | None
    how: str
    finding: str
    decision: str
    attendances: Sequence[Attender] = ()
    results: Mapping[int, Result] = field(default_factory=dict)
    child_voice: str = ""
    family_views: str = ""
    notes: str = ""
    next_review_on: date | None = None
    early_reason: str = ""
    no_progress_for: str = ""
    unchanged_reason: str = ""
    end_agreed: str = ""
    end_reason: str = ""
    end_agency: str = ""
    arrangements: str = ""

    @property
    def goes_on(self) -> bool:
        return self.decision not in ENDS

    @property
    def is_unchanged(self) -> bool:
        """Whether the plan goes on as it is though things are no better."""
        return self.decision == Review.Decision.CONTINUE and self.finding in NO_BETTER


@dataclass(frozen=True)
class ReviewNow:
    """What a review is held against: the plan's day, the last review, and who is to say what each open action came to."""

    time: ReviewTime
    agreed_on: date
    last_held: datetime | None
    open_actions: Mapping[int, str]
    people: Collection[int]
    recorder: int | None = None


def review_problems(now: ReviewNow, said: ReviewSaid) -> Iterator[Problem]:
    yield from _held_problems(now, said.held_at)
    if said.how != Review.How.NONE and not any(a.status == Attendance.Status.CAME for a in said.attendances):
        yield Problem("Select who came. If nobody met, select that there was no meeting", "attendances")
    elif said.how != Review.How.NONE and now.recorder and not _met_someone(now.recorder, said):
        yield Problem(
            "Select who came besides you. If nobody else did, select that there was no meeting", "attendances"
        )
    elif any(a.person and a.person.pk not in now.people for a in said.attendances):
        yield Problem("Choose someone of this family", "attendances")
    for number, (pk, who) in enumerate(now.open_actions.items(), start=1):
        result = said.results.get(pk)
        if result is None or result.result not in Action.Status.values or result.result == Action.Status.OPEN:
            yield Problem(f"Select what action {number} came to. {who} can tell you", f"result_{pk}")
    if said.finding not in Review.Finding.values:
        yield Problem(ASKS_REVIEW["finding"], "finding")
    if said.decision not in Review.Decision.values:
        yield Problem(ASKS_REVIEW["decision"], "decision")
        return
    if said.is_unchanged and not said.no_progress_for:
        yield Problem("Select why things are no better", "no_progress_for")
    if said.is_unchanged and not said.unchanged_reason:
        yield Problem("Enter why the plan goes on as it is, or select to amend the plan", "unchanged_reason")
    if said.goes_on and said.held_at:
        yield from next_review_problems(
            now.time, anchor=said.held_at, day=said.next_review_on, early_reason=said.early_reason
        )
    elif not said.goes_on:
        yield from _end_problems(said)
        yield from unfinished_problems(now.open_actions, said.results)


def _met_someone(recorder: int, said: ReviewSaid) -> bool:
    came = [a for a in said.attendances if a.status == Attendance.Status.CAME]
    return any(a.user is None or a.user.pk != recorder for a in came)


def unfinished_problems(open_actions: Mapping[int, str], results: Mapping[int, Result]) -> Iterator[Problem]:
    """Nothing is left hanging when early help ends: of an action that isn't done, what becomes of it."""
    for number, pk in enumerate(open_actions, start=1):
        result = results.get(pk)
        if result and result.result not in (Action.Status.DONE, Action.Status.NOT_NEEDED) and not result.note:
            yield Problem(
                f"Enter what becomes of action {number}, which isn’t done, now that early help ends", f"note_{pk}"
            )


@dataclass(frozen=True)
class EndSaid:
    """The end of early help without a review: why, what each open action (by its id) came to, and, of an agreed plan, who
    agrees to the end (WOR-14)."""

    reason: str
    results: Mapping[int, Result] = field(default_factory=dict)
    end_agency: str = ""
    end_note: str = ""
    end_agreed: str = ""
    end_reason: str = ""


def end_problems(said: EndSaid, *, open_actions: Mapping[int, str], planned: bool) -> Iterator[Problem]:
    """`planned`: whether a plan was agreed with the family."""
    if said.reason not in Episode.End.values:
        yield Problem("Select why early help ends", "reason")
    if said.reason == Episode.End.SINGLE_AGENCY and not said.end_agency:
        yield Problem(ASKS_END["end_agency"], "end_agency")
    if said.reason == Episode.End.OTHER and not said.end_note:
        yield Problem(ASKS_END["end_note"], "end_note")
    if planned and said.reason not in (Episode.End.NOT_AGREED, Episode.End.STEP_UP):
        if said.end_agreed not in Review.EndAgreed.values:
            yield Problem(ASKS_REVIEW["end_agreed"], "end_agreed")
        elif said.end_agreed == Review.EndAgreed.NOT_ALL and not said.end_reason:
            yield Problem(ASKS_REVIEW["end_reason"], "end_reason")
    for number, (pk, who) in enumerate(open_actions.items(), start=1):
        result = said.results.get(pk)
        if result is None or result.result not in Action.Status.values or result.result == Action.Status.OPEN:
            yield Problem(f"Select what action {number} came to. {who} can tell you", f"result_{pk}")
    yield from unfinished_problems(open_actions, said.results)


def _held_problems(now: ReviewNow, held_at: datetime | None) -> Iterator[Problem]:
    if held_at is None:
        yield Problem(ASKS_REVIEW["held_at"], "held_at")
    elif held_at > now.time.now:
        yield Problem("The time of the review must be in the past", "held_at")
    elif clock.in_london(held_at).date() < now.agreed_on:
        yield Problem("The review can’t have been held before the plan was agreed. Check the date", "held_at")
    elif now.last_held and held_at <= now.last_held:
        yield Problem("A later review is recorded already. Check the date and time", "held_at")


def _end_problems(said: ReviewSaid) -> Iterator[Problem]:
    if said.next_review_on:
        yield Problem(
            "There is no next review when early help ends. Leave the date out, or choose to go on", "decision"
        )
    if said.decision == Review.Decision.END_SINGLE_AGENCY and not said.end_agency:
        yield Problem(ASKS_END["end_agency"], "end_agency")
    if said.end_agreed not in Review.EndAgreed.values:
        yield Problem(ASKS_REVIEW["end_agreed"], "end_agreed")
    elif said.end_agreed == Review.EndAgreed.NOT_ALL and not said.end_reason:
        yield Problem(ASKS_REVIEW["end_reason"], "end_reason")


@dataclass(frozen=True)
class OutcomeSaid:
    """What will be better for whom, and how everyone will know (PS-8)."""

    need: str
    outcome: str
    how_we_know: str
    person: Person | None = None


def outcome_problems(said: OutcomeSaid, *, family_id: int) -> Iterator[Problem]:
    yield from (Problem(text, name) for name, text in ASKS_OUTCOME.items() if not getattr(said, name))
    if said.person and said.person.family_id != family_id:
        yield Problem("Choose someone of this family", "person")


@dataclass(frozen=True)
class ActionSaid:
    """Who will do what by when (WOR-07): one user or one of the family."""

    text: str
    due_on: date | None
    user: User | None = None
    person: Person | None = None


def action_problems(
    said: ActionSaid, *, family_id: int, around: Collection[User], today: date, before: ActionSaid | None = None
) -> Iterator[Problem]:
    """`around`: who may be given an action; what it was `before` may stay."""
    if not said.text:
        yield Problem(ASKS_ACTION["text"], "text")
    if (said.user is None) == (said.person is None):
        yield Problem(ASKS_ACTION["who"], "who")
    elif said.person and said.person.family_id != family_id:
        yield Problem("Choose someone of this family", "who")
    elif said.user and said.user not in around and not (before and before.user == said.user):
        yield Problem(f"{said.user} is not on the team. The lead can invite them, under “Team”", "who")
    if said.due_on is None:
        yield Problem(ASKS_ACTION["due_on"], "due_on")
    elif said.due_on < today and not (before and before.due_on == said.due_on):
        yield Problem("The date by when it will be done must be today or in the future", "due_on")
