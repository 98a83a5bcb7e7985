"""Meetings about a family: arranged, held or not, and put right (DEV-13, DEV-14)."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from django.db import transaction
from django.urls import reverse

from earlyhelp.access.holding import hold
from earlyhelp.accounts.models import Agency, User
from earlyhelp.core import clock
from earlyhelp.core.errors import Problem, Refused, refuse
from families.models import Episode, Family, Person
from families.services import episodes
from plans import notices
from plans.models import Meeting, Present
from plans.services import people_around

ASKS = {
    "on": "Enter the day of the meeting",
    "outcomes": "Enter what came of the meeting",
    "off_reason": "Enter why it isn’t held",
    "who": "Select who was there, or write their names",
    "plan_is_clear": "Select whether the plan to step down is clear",
    "told_words": "Enter what the family was told",
}


@dataclass(frozen=True, kw_only=True)
class ArrangeSaid:
    """Which meeting is arranged, for when and where."""

    kind: str
    on: date
    at: str = ""
    place: str = ""
    early_reason: str = ""


@dataclass(frozen=True, kw_only=True)
class MeetingSaid:
    """What a meeting that was held records: who was there, the family's own words first, and what came of it."""

    kind: str
    on: date
    outcomes: str
    users: Sequence[User] = ()
    family_came: Sequence[Person] = ()
    words: Mapping[Person, str] = field(default_factory=dict)
    others: Sequence[str] = ()
    place: str = ""
    plan_is_clear: bool | None = None
    told: str = ""


# What apps above say stands in the way of arranging a meeting of a kind, or of recording what came of it
Stands = Callable[[Episode, str, date, str], Iterator[Problem]]
BEFORE_ARRANGING: list[Stands] = []
BEFORE_RECORDING: list[Stands] = []


# Who else works with the family now, as apps above know
ALSO_AROUND: list[Callable[[Episode], Mapping[User, Agency]]] = []


def may_have_come(episode: Episode) -> dict[User, Agency]:
    """Whom of those who work with the family one can tick as having been there."""
    found = people_around(episode)
    for around in ALSO_AROUND:
        found = {**around(episode), **found}
    return found


def _refuse(rules: Sequence[Stands], episode: Episode, kind: str, on: date, reason: str = "") -> None:
    if episode.ended_at:
        raise Refused("Early help for this family has ended. A new request opens it again.")
    refuse(problem for rule in rules for problem in rule(episode, kind, on, reason))


@transaction.atomic
def arrange(*, family: Family, episode: Episode, said: ArrangeSaid, actor: User) -> Meeting:
    """Arrange a meeting, and tell whoever is around the family."""
    hold(family.pk)
    _not_past(said.on)
    _refuse(BEFORE_ARRANGING, episode, said.kind, said.on, said.early_reason)
    meeting = Meeting.objects.create(family=family, episode=episode, arranged_by=actor, created_by=actor, **vars(said))
    _tell(meeting, actor)
    return meeting


@transaction.atomic
def change(*, meeting: Meeting, said: ArrangeSaid, actor: User) -> None:
    """Put a meeting on another day or place; what it was before stays in the history, and the team hears."""
    locked = _locked(meeting)
    _not_past(said.on)
    _refuse(BEFORE_ARRANGING, locked.episode, said.kind, said.on, said.early_reason or locked.early_reason)
    for name, value in vars(said).items():
        setattr(locked, name, value or (locked.early_reason if name == "early_reason" else value))
    locked.save()
    _tell(locked, actor)


@transaction.atomic
def call_off(*, meeting: Meeting, reason: str, actor: User) -> None:
    """It isn't held, for a reason."""
    locked = _locked(meeting)
    locked.status, locked.off_reason = Meeting.Status.OFF, reason
    locked.save(update_fields=["status", "off_reason"])
    _tell(locked, actor)


@transaction.atomic
def take_back(*, meeting: Meeting, reason: str, actor: User) -> None:
    """It was recorded by mistake: it counts as not held, and says why; what was recorded stays to be read."""
    hold(meeting.family_id)
    rows = Meeting.objects.filter(pk=meeting.pk, status=Meeting.Status.HELD)
    if not rows.update(status=Meeting.Status.OFF, off_reason=f"Recorded by mistake. {reason}"):
        raise Refused("This was taken back already.")


@transaction.atomic
def record(
    *, family: Family, episode: Episode, said: MeetingSaid, actor: User, meeting: Meeting | None = None
) -> Meeting:
    """Record a meeting that was held, arranged before or not."""
    hold(family.pk)
    if not (said.users or said.others or said.family_came):
        raise Refused(ASKS["who"], field="users")
    if said.on > clock.today():
        raise Refused("The day of the meeting must be today or in the past", field="on")
    if said.kind == Meeting.Kind.CHILD_IN_NEED and said.plan_is_clear is None:
        raise Refused(ASKS["plan_is_clear"], field="plan_is_clear")
    if any(person.family_id != family.pk for person in (*said.family_came, *said.words)):
        raise Refused("Choose someone of this family", field="family_came")
    _refuse(BEFORE_RECORDING, episode, said.kind, said.on)
    held = _locked(meeting) if meeting else Meeting(family=family, episode=episode, arranged_by=actor, created_by=actor)
    held.status, held.kind, held.on, held.outcomes = Meeting.Status.HELD, said.kind, said.on, said.outcomes
    held.place, held.told, held.recorded_by, held.recorded_at = said.place, said.told, actor, clock.now()
    held.plan_is_clear = said.plan_is_clear if said.kind == Meeting.Kind.CHILD_IN_NEED else None
    held.save()
    _record_present(held, said, actor)
    return held


def _record_present(held: Meeting, said: MeetingSaid, actor: User) -> None:
    agencies = may_have_come(held.episode)
    here = {"family_id": held.family_id, "meeting": held, "created_by": actor}
    spoke = [*said.family_came, *(person for person, words in said.words.items() if words)]
    rows = [
        Present(**here, person=person, came=person in said.family_came, words=said.words.get(person, ""))
        for person in dict.fromkeys(spoke)
    ]
    rows += [
        Present(**here, user=user, role=", ".join(filter(None, (user.job_title, str(agencies.get(user, ""))))))
        for user in said.users
    ]
    rows += [Present(**here, name=name) for name in said.others]
    Present.objects.bulk_create(rows)


def _locked(meeting: Meeting) -> Meeting:
    hold(meeting.family_id)
    locked = Meeting.objects.select_for_update(of=("self",)).select_related("episode").filter(pk=meeting.pk).first()
    if locked is None:
        raise Refused("You can read this meeting but not change it any more. Ask the lead.")
    if locked.status != Meeting.Status.ARRANGED:
        raise Refused("This meeting was recorded already, or is off. Look at it again.")
    return locked


def _not_past(on: date) -> None:
    if on < clock.today():
        raise Refused("The day must be today or in the future. If the meeting was held, record it", field="on")


def _tell(meeting: Meeting, actor: User) -> None:
    family = Family.objects.get(pk=meeting.family_id)
    notices.MeetingArranged.tell(
        set(people_around(meeting.episode)) - {actor},
        about=family,
        key=f"{meeting.pk}:{meeting.status}:{meeting.on:%Y%m%d}:{meeting.at}",
        url=reverse("meeting", args=[family.reference, meeting.pk]),
    )


def settle_at_end(episode: Episode) -> None:
    """What was arranged isn't held any more."""
    arranged = Meeting.objects.filter(episode=episode, status=Meeting.Status.ARRANGED)
    arranged.update(status=Meeting.Status.OFF, off_reason="Early help ended.")


episodes.SETTLED_AT_END.append(settle_at_end)
