"""What managers, officers and the service manager see first: how their families stand, in numbers that lead to them, and who
of their own works with how many."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cache
from typing import Any, NamedTuple

from django.db.models import Count, Exists, Max, Min, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce, Greatest

from earlyhelp.accounts.models import Agency, Locality, Role, User, WorksFor
from earlyhelp.accounts.roles import memberships
from earlyhelp.core.prepared import Among, Prepared
from earlyhelp.workspace.caseload import EXACT, VALUES, Filters, Shape, Tally, about, draw, exactly, sees_few
from earlyhelp.workspace.models import (
    CaseloadDetail,
    CaseloadEntry,
    due_soon,
    late,
    no_agreement,
    no_lead,
)
from families.models import ContactAttempt, Note, Request

MOST = 50  # people of a team
SAMPLE = 2000  # families: they are counted by area and by agency
OVERSEES = {Role.MANAGER: "managed", Role.LOCALITY_OFFICER: "area", Role.SERVICE_MANAGER: "all"}


@dataclass(frozen=True)
class Number:
    """How many, of what, and where they are."""

    label: str
    count: Tally
    url: str


class Line(NamedTuple):
    """How many families someone works with, and how they stand."""

    pk: int
    name: str
    families: int = 0
    late: int = 0
    next_due: datetime | None = None
    url: str = ""
    heard: datetime | None = None
    supervised: datetime | None = None


@dataclass(frozen=True)
class Group:
    """How many families an agency or an area works with, and how they stand; `share` of a hundred are late."""

    name: str
    url: str
    families: Tally
    late: Tally
    no_lead: Tally
    no_agreement: Tally
    waiting: int = 0
    closes: datetime | None = None

    @property
    def share(self) -> int:
        return round(100 * self.late.number / self.families.number) if self.families else 0


def scope(user: User) -> Filters | None:
    """Whose families someone oversees, the widest; None for who oversees none."""
    roles = {m.role for m in memberships(user)}
    words = [OVERSEES[role] for role in (Role.SERVICE_MANAGER, Role.MANAGER, Role.LOCALITY_OFFICER) if role in roles]
    return Filters(whose=words[0]) if words else None


KINDS: dict[str, tuple[str, dict[str, Any]]] = {
    "late": ("Late", {"due": "late"}),
    "week": ("Due in the next 7 days", {"due": "week"}),
    "no_lead": ("Without a lead", {"no_lead": True}),
    "no_agreement": ("Without agreement", {"no_agreement": True}),
    "no_progress": ("Last review found no progress", {"no_progress": True}),
    "families": ("Open families", {}),
}


class Standing(NamedTuple):
    """How many open families there are of each kind, by area and agency, or by who works with them. Where some were `drawn` in
    place of very many, each row says for how many one of them stands, its `step`."""

    rows: list[dict[str, Any]]
    drawn: bool = False

    def of(self, column: str, value: Any) -> "Standing":
        return self._replace(rows=[row for row in self.rows if row[column] == value])

    def number(self, kind: str) -> Tally:
        """How many there are in all; that none was drawn says that they are few or none."""
        found = sum(row[kind] * row["step"] for row in self.rows)
        return about(found) if self.drawn else Tally(found)


def standing(whose: Filters, user: User) -> Standing:
    """How the families of a scope stand, by area and agency, in one question."""
    few = sees_few(user)
    found = _standing(whose.shape(user), None if few else SAMPLE)(*whose.values(user))
    return Standing([dict(zip((*PLACE, *KINDS), row, strict=True)) for row in found], drawn=not few)


def in_team(whose: Filters, user: User) -> Standing:
    """How the families of a manager's agencies stand, by who works with them, every one counted."""
    found = _in_team(whose.shape(user))(*whose.values(user))
    return Standing([dict(zip((*PERSON, *KINDS), row, strict=True)) | {"step": 1} for row in found])


PLACE, PERSON = ("step", "locality", "agency"), ("runner", "called", "next_due")


def _counts() -> dict[str, Count]:
    no_progress = CaseloadDetail.objects.filter(family=OuterRef("family"), no_progress=True)
    which = {
        "late": late(), "week": due_soon(), "no_lead": no_lead(), "no_agreement": no_agreement(), "no_progress": Exists(no_progress),
        "families": Q(),
    }  # fmt: skip
    return {kind: Count("pk", filter=which[kind]) for kind in KINDS}


@cache
def _standing(shape: Shape, sample: int | None) -> Prepared[Any]:
    def build(*given: Any) -> QuerySet[Any]:
        by_place = draw(shape.rows(*given).open(), given[0], sample).values(*PLACE).annotate(**_counts())
        return by_place.values_list(*PLACE, *KINDS)

    return Prepared(build, slots=VALUES)


@cache
def _in_team(shape: Shape) -> Prepared[Any]:
    def build(*given: Any) -> QuerySet[Any]:
        by_person = shape.rows(*given).open().order_by().values("runner")
        known = by_person.annotate(called=Min("runner_name"), next_due=Min("next_due_at"), **_counts())
        return known.values_list(*PERSON, *KINDS)

    return Prepared(build, slots=VALUES)


def numbers(whose: Filters, user: User, stands: Standing) -> list[Number]:
    """How the families of a scope stand. What few are of is counted one by one, however many there are in all."""
    kinds = dict(KINDS)
    if whose.whose == "area":  # an officer knows that a family is known, and no more
        del kinds["no_progress"]
    found = []
    for kind, (label, chosen) in kinds.items():
        where, tally = replace(whose, **chosen), stands.number(kind)
        if tally.about and tally.number < EXACT:
            tally = exactly(where, user, tally)
        found.append(Number(label, tally, f"/families/?{where.query}"))
    return found


@dataclass(frozen=True)
class Team:
    """Who works with families, and whose hands are free: of very many the first, and how many `more` there are."""

    busy: list[Line]
    free: list[Line]
    more: int


def team(stands: Standing, agencies: set[int], whose: Filters, by: str) -> Team:
    """Who may lead at some agencies, or does, in an order."""
    busy = [
        Line(row["runner"], row["called"], row["families"], row["late"], row["next_due"])
        for row in stands.rows
        if row["runner"]
    ]
    theirs = {line.pk for line in busy}
    free = [Line(pk, name) for pk, name in MAY_LEAD(list(agencies)) if pk not in theirs]
    if by in BY_LAST_TIMES:
        busy = _with_last_times(busy, agencies)
    busy.sort(key=SORTS.get(by, _most_late))
    free.sort(key=lambda line: line.name)
    shown = busy[:MOST] if by in BY_LAST_TIMES else _with_last_times(busy[:MOST], agencies)
    shown = [line._replace(url=f"/families/?{replace(whose, lead=line.pk).query}") for line in shown]
    return Team(shown, free[:MOST], max(len(busy) - MOST, 0) + max(len(free) - MOST, 0))


MAY_LEAD = Prepared(
    lambda agencies: (
        WorksFor.objects.filter(Among("agency", agencies), role=Role.PRACTITIONER)
        .order_by()
        .values_list("user", "user__name")
        .distinct()
    )
)


def _with_last_times(lines: list[Line], agencies: set[int]) -> list[Line]:
    """With when the family of theirs that was not heard from for longest was last reached or visited, and when they last talked
    of one in supervision."""
    rows = LAST_TIMES(list(agencies), [line.pk for line in lines])
    found = {pk: times for pk, *times in rows}
    nothing = [None, None]
    return [
        line._replace(heard=heard, supervised=talked)
        for line in lines
        for heard, talked in [found.get(line.pk, nothing)]
    ]


def _last_times(agencies: Any, people: Any) -> QuerySet[Any]:
    heard = Greatest(
        _latest(ContactAttempt.objects.filter(reached=True)), _latest(Note.objects.filter(kind__in=("call", "visit")))
    )
    talked = _latest(Note.objects.filter(kind=Note.Kind.SUPERVISION))
    theirs = CaseloadEntry.objects.open().filter(Among("agency", agencies), Among("runner", people))
    rows = theirs.annotate(heard=Coalesce(heard, "started_at"), talked=talked).order_by().values("runner")
    return rows.annotate(l=Min("heard"), s=Max("talked")).values_list("runner", "l", "s")


def _latest(rows: QuerySet[Any]) -> Subquery:
    return Subquery(rows.filter(family=OuterRef("family")).order_by("-at").values("at")[:1])


LAST_TIMES = Prepared(_last_times)


def by_area(whose: Filters, areas: list[Any], stands: Standing) -> list[Group]:
    """How the families of each area stand, and how many requests wait there (`waiting` of `areas`)."""
    return [
        _group(area.name, replace(whose, locality=area.pk), stands.of("locality", area.pk), waiting=area.waiting)
        for area in areas
    ]


CLOSING: Prepared[tuple[int, int]] = Prepared(
    lambda: (
        CaseloadEntry.objects.open()
        .filter(agency__closes_at__isnull=False)
        .order_by()
        .values("agency")
        .annotate(n=Count("pk"))
        .values_list("agency", "n")
    )
)


def by_agency(whose: Filters, stands: Standing) -> list[Group]:
    """How the families stand of each agency that runs any, most late first; where some were drawn, of each that runs some of
    these. Of one that closes every family is counted, however few: they are to be handed over."""
    closing = dict(CLOSING()) if stands.drawn else {}
    lines = []
    for one in Agency.objects.filter(pk__in={row["agency"] for row in stands.rows} | closing.keys()):
        line = _group(one.name, replace(whose, agency=one.pk), stands.of("agency", one.pk), closes=one.closes_at)
        lines.append(replace(line, families=Tally(closing[one.pk])) if one.pk in closing else line)
    return sorted(lines, key=lambda line: (line.closes is None, -line.late.number, -line.families.number, line.name))


def _group(name: str, where: Filters, stands: Standing, *, waiting: int = 0, closes: datetime | None = None) -> Group:
    tallies = {kind: stands.number(kind) for kind in ("families", "late", "no_lead", "no_agreement")}
    return Group(name, f"/families/?{where.query}", **tallies, waiting=waiting, closes=closes)


def waiting_requests() -> QuerySet[Request]:
    """Requests that nobody has answered, oldest first."""
    return Request.objects.filter(outcome=Request.Outcome.WAITING, submitted_at__isnull=False).order_by("received_at")


def areas_with_requests() -> list[Any]:
    """Every area, with how many requests wait there."""
    here = waiting_requests().filter(locality=OuterRef("pk")).order_by().values("locality")
    return list(Locality.objects.annotate(waiting=Coalesce(Subquery(here.annotate(n=Count("pk")).values("n")), 0)))


def vacant(areas: list[Any]) -> list[str]:
    """Which of some areas have no officer."""
    held = set(
        WorksFor.objects.filter(role=Role.LOCALITY_OFFICER, locality__in=areas).values_list("locality", flat=True)
    )
    return [area.name for area in areas if area.pk not in held]


SORTS: dict[str, Callable[[Line], Any]] = {
    "name": lambda line: line.name,
    "families": lambda line: (-line.families, line.name),
    "late": lambda line: (-line.late, line.name),
    "next": lambda line: (line.next_due is None, line.next_due, line.name),
    "contact": lambda line: (line.heard is None, line.heard, line.name),
    "supervision": lambda line: (line.supervised is not None, line.supervised, line.name),
}
BY_LAST_TIMES = ("contact", "supervision")


def _most_late(line: Line) -> Any:
    return -line.late, line.name
