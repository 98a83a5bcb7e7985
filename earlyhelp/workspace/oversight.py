"""What managers, officers and the service manager see first: how their families stand, in numbers that lead to them, and who
of their own works with how many."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.db.models import Count, Exists, F, Max, Min, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce, Greatest

from earlyhelp.accounts.models import Locality, Role, User, WorksFor
from earlyhelp.accounts.roles import memberships
from earlyhelp.workspace.caseload import Filters
from earlyhelp.workspace.models import (
    CaseloadDetail,
    CaseloadEntry,
    CaseloadQuerySet,
    due_soon,
    late,
    no_agreement,
    no_lead,
)
from families.models import ContactAttempt, Note, Request

OVERSEES = {Role.MANAGER: "managed", Role.LOCALITY_OFFICER: "area", Role.SERVICE_MANAGER: "all"}


@dataclass(frozen=True)
class Number:
    """How many, of what, and where they are."""

    label: str
    count: int
    url: str


@dataclass(frozen=True)
class Line:
    """How many families someone, an agency or an area works with, and how they stand; `share` of a hundred are late."""

    name: str
    url: str
    families: int = 0
    late: int = 0
    next_due: datetime | None = None
    heard: datetime | None = None
    supervised: datetime | None = None
    no_lead: int = 0
    no_agreement: int = 0
    waiting: int = 0
    closes: datetime | None = None

    @property
    def share(self) -> int:
        return round(100 * self.late / self.families) if self.families else 0


def scope(user: User) -> Filters | None:
    """Whose families someone oversees, the widest; None for who oversees none."""
    roles = {m.role for m in memberships(user)}
    words = [OVERSEES[role] for role in (Role.SERVICE_MANAGER, Role.MANAGER, Role.LOCALITY_OFFICER) if role in roles]
    return Filters(whose=words[0]) if words else None


def numbers(whose: Filters, rows: CaseloadQuerySet) -> list[Number]:
    """How the families of a scope stand, in one question."""
    more = CaseloadDetail.objects.filter(family=OuterRef("family"), no_progress=True)
    kinds: list[tuple[str, str, Q | Exists, Filters]] = [
        ("late", "Late", late(), replace(whose, due="late")),
        (
            "week",
            "Due in the next 7 days",
            due_soon(),
            replace(whose, due="week"),
        ),
        ("lead", "Without a lead", no_lead(), replace(whose, no_lead=True)),
        ("word", "Without agreement", no_agreement(), replace(whose, no_agreement=True)),
        ("progress", "Last review found no progress", Exists(more), replace(whose, no_progress=True)),
        ("all", "Open families", Q(), whose),
    ]
    if whose.whose == "area":  # an officer knows that a family is known, and no more
        kinds = [kind for kind in kinds if kind[0] != "progress"]
    found = rows.open().aggregate(**{code: Count("pk", filter=which) for code, _, which, _ in kinds})
    return [Number(label, found[code], f"/families/?{where.query}") for code, label, _, where in kinds]


def team(agencies: set[int], whose: Filters) -> list[Line]:
    """Who may lead at some agencies, or does, with their families. `heard`: when the family not heard from for longest was
    last reached or visited."""
    families = CaseloadEntry.objects.open().filter(agency__in=agencies)
    heard = Greatest(
        _latest(ContactAttempt.objects.filter(reached=True)), _latest(Note.objects.filter(kind__in=("call", "visit")))
    )
    supervised = _latest(Note.objects.filter(kind=Note.Kind.SUPERVISION))
    numbers = families.annotate(heard=Coalesce(heard, "started_at"), talked=supervised).values("runner").annotate(
        families=Count("pk"), late=Count("pk", filter=late()), next_due=Min("next_due_at"),
        longest=Min("heard"), supervised=Max("talked"), called=Min("runner__name"),
    )  # fmt: skip
    by_person = {row.pop("runner"): row for row in numbers.order_by()}
    here = WorksFor.objects.filter(agency__in=agencies, role=Role.PRACTITIONER).values_list("user", "user__name")
    names = dict(here) | {pk: row["called"] for pk, row in by_person.items() if pk}
    lines = [_person(pk, name, by_person.get(pk), whose) for pk, name in names.items()]
    return sorted(lines, key=lambda line: (-line.late, not line.families, line.name))


def _latest(rows: QuerySet[Any]) -> Subquery:
    return Subquery(rows.filter(family=OuterRef("family")).order_by("-at").values("at")[:1])


def _person(pk: int, name: str, row: dict[str, Any] | None, whose: Filters) -> Line:
    url = f"/families/?{replace(whose, lead=pk).query}"
    if row is None:
        return Line(name, url)
    return Line(name, url, row["families"], row["late"], row["next_due"], row["longest"], row["supervised"])


def by_area(whose: Filters, areas: list[Any]) -> list[Line]:
    """How the families of each area stand, and how many requests wait there (`waiting` of `areas`)."""
    found = _grouped("locality")
    return [_group(area.name, replace(whose, locality=area.pk), found.get(area.pk, {}), area.waiting) for area in areas]


def by_agency(whose: Filters) -> list[Line]:
    """How the families stand of each agency that runs any, most late first."""
    found = _grouped("agency", called=F("agency__name"), closes=F("agency__closes_at"))
    lines = [_group(row["called"], replace(whose, agency=pk), row) for pk, row in found.items() if pk]
    return sorted(lines, key=lambda line: (line.closes is None, -line.late, -line.families, line.name))


def _grouped(by: str, **also: Any) -> dict[int, dict[str, Any]]:
    rows = CaseloadEntry.objects.open().order_by().values(by, **also)
    counted = rows.annotate(
        families=Count("pk"),
        late=Count("pk", filter=late()),
        without_lead=Count("pk", filter=no_lead()),
        without_word=Count("pk", filter=no_agreement()),
    )
    return {row[by]: row for row in counted}


def _group(name: str, where: Filters, row: dict[str, Any], waiting: int = 0) -> Line:
    counts = {"families": "families", "late": "late", "no_lead": "without_lead", "no_agreement": "without_word"}
    return Line(
        name,
        f"/families/?{where.query}",
        waiting=waiting,
        closes=row.get("closes"),
        **{n: row.get(said, 0) for n, said in counts.items()},
    )


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


def in_order(lines: list[Line], by: str) -> list[Line]:
    """By name; most families or late ones first; the nearest deadline first; whoever waits longest for contact or
    supervision first."""
    return sorted(lines, key=SORTS[by]) if by in SORTS else lines
