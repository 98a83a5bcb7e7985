"""Step-downs and step-ups in numbers, of those that whoever asks may know of."""

import statistics
from dataclasses import dataclass
from datetime import timedelta

from django.db.models import Count, Exists, F, OuterRef, Q, Subquery, Value
from django.db.models.functions import Coalesce

from earlyhelp.accounts.models import User, WorksFor
from earlyhelp.core import clock
from earlyhelp.core.clock import in_london
from earlyhelp.procedures.services import name_of
from earlyhelp.timescales.models import Timescale
from families.models import Lead
from families.models.episodes import HelpLevel, level_words
from stepdown.clocks import JOINT_VISIT
from stepdown.models import LevelChange, StepDown, StepUp
from stepdown.rules import CONDITIONS
from stepdown.services.gate import in_words
from stepdown.services.lists import seen_missing, under_way

LONGEST = 10
A_YEAR = timedelta(days=365)


@dataclass(frozen=True)
class Line:
    """How many of a kind are under way, complete and stopped."""

    name: str
    under_way: int
    complete: int
    stopped: int

    @property
    def all(self) -> int:
        return self.under_way + self.complete + self.stopped


@dataclass(frozen=True)
class Open:
    """One that is under way, for how many days, and what it misses."""

    row: StepDown
    days: int
    missing: list[str]


STATES = {
    "under_way": Count("pk", filter=Q(completed_at=None, stopped_at=None)),
    "complete": Count("pk", filter=Q(completed_at__isnull=False)),
    "stopped": Count("pk", filter=Q(stopped_at__isnull=False)),
}


def by_route() -> list[Line]:
    names = {"": "No route chosen"} | dict(StepDown.Route.choices)
    rows = StepDown.objects.order_by("route").values("route").annotate(**STATES)
    return [Line(str(names[row.pop("route")]), **row) for row in rows]


def by_agency() -> list[Line]:
    rows = StepDown.objects.order_by("agency__name").values("agency__name").annotate(**STATES)
    return [Line(row.pop("agency__name"), **row) for row in rows]


def by_level() -> list[Line]:
    """Those in which only the level of help changes in one record, and those between two systems."""
    names = {True: f"From “{level_words(HelpLevel.CHILD_IN_NEED)}”, in one record", False: "From another system"}
    rows = StepDown.objects.order_by("within").values("within").annotate(**STATES)
    return [Line(names[row.pop("within")], **row) for row in rows]


def days_to_visit() -> list[int]:
    """Of each joint visit that was made, how many days after the panel."""
    met = Timescale.objects.filter(kind=JOINT_VISIT.kind, met_at__isnull=False).values_list("anchor_at", "met_at")
    return sorted((in_london(at).date() - in_london(since).date()).days for since, at in met if at)


def median_days(days: list[int]) -> str:
    return f"{statistics.median(days):g}" if days else ""


def declines() -> list[tuple[str, int]]:
    """Why people declined to lead a family that came from social care, the most frequent first."""
    rows = Lead.objects.filter(status=Lead.Status.DECLINED, episode__in=StepDown.objects.values("episode"))
    found = rows.order_by().values_list("declined_for").annotate(count=Count("pk")).order_by("-count", "declined_for")
    return [(name_of("reasons.declining", code) if code else "No reason from the list", count) for code, count in found]


def longest(user: User) -> list[Open]:
    """Those under way that were opened first, and what they miss, as it was seen last."""
    now, rows = clock.now(), list(under_way().filter(confirmed_at__isnull=False)[:LONGEST])
    return [
        Open(row, (now - row.opened_at).days, [in_words(CONDITIONS[code].title) for code in codes])
        for row, codes in zip(rows, seen_missing(rows, user), strict=True)
    ]


def step_ups() -> list[tuple[str, int]]:
    """What social care answered, and how many wait for an answer."""
    names = {"": "No answer yet"} | dict(StepUp.Outcome.choices)
    rows = StepUp.objects.filter(withdrawn_at=None).order_by("outcome").values_list("outcome").annotate(Count("pk"))
    return [(str(names[outcome]), count) for outcome, count in rows]


def step_ups_by_agency() -> list[tuple[str, int]]:
    """How many each agency made, through which whoever made them works."""
    works = WorksFor.objects.filter(user=OuterRef("made_by")).order_by("agency").values("agency__name")[:1]
    rows = (
        StepUp.objects.filter(withdrawn_at=None)
        .annotate(agency=Coalesce(Subquery(works), Value("No agency any more")))
        .order_by("agency")
    )
    return list(rows.values_list("agency").annotate(count=Count("pk")).order_by("agency"))


def raised() -> int:
    """How many families went on here at the higher level of help after a step-up, or without one."""
    return LevelChange.objects.filter(level=HelpLevel.CHILD_IN_NEED).values("family").distinct().count()


def back_within_a_year() -> tuple[int, int]:
    """How many families were stepped down, and how many of them stepped up again within 12 months."""
    again = StepUp.objects.filter(
        withdrawn_at=None,
        family=OuterRef("family"),
        made_at__gt=OuterRef("completed_at"),
        made_at__lte=OuterRef("completed_at") + A_YEAR,
    )
    done = StepDown.objects.filter(completed_at__isnull=False).annotate(again=Exists(again))
    families = set(done.values_list("family", flat=True))
    back = set(done.filter(again=True).values_list("family", flat=True))
    return len(families), len(back)


def late_visits() -> int:
    """How many joint visits were made late, or are late now."""
    rows = Timescale.objects.filter(kind=JOINT_VISIT.kind, stopped_at=None)
    return rows.filter(Q(met_at__gt=F("due_at")) | Q(met_at=None, due_at__lt=clock.now())).count()
