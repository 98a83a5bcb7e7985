"""Which step-downs wait for whom."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce

from earlyhelp.access.levels import Level
from earlyhelp.access.models import Grant
from earlyhelp.accounts.models import Role, User
from earlyhelp.accounts.roles import memberships
from families.models import Family, Request
from stepdown.models import StepDown
from stepdown.rules import CONDITIONS, says_of_the_record
from stepdown.services.gate import began_with, in_words


def under_way() -> QuerySet[StepDown]:
    """Those that the asker may know of and that aren't over, the longest first."""
    rows = StepDown.objects.filter(completed_at=None, stopped_at=None)
    return _named(rows).order_by("opened_at", "pk")


def _named(rows: QuerySet[StepDown]) -> QuerySet[StepDown]:
    """With the name that the family goes by, for who may know it."""
    family = Family.objects.filter(pk=OuterRef("family"))
    said = Request.objects.filter(pk=OuterRef("request"))
    name = Coalesce(Subquery(family.values("name")[:1]), Subquery(said.values("family_name")[:1]), Value(""))
    reads = Grant.objects.in_force().filter(family=OuterRef("family"), level__gte=Level.VIEW)
    return rows.annotate(name=name, reads=Exists(reads)).select_related("worker", "agency", "locality")


def of_worker(user: User) -> QuerySet[StepDown]:
    """Their own that are under way, and those that they opened for somebody."""
    return under_way().filter(Q(worker=user) | Q(opened_by=user))


def over() -> QuerySet[StepDown]:
    """Those that are over, the latest first."""
    rows = StepDown.objects.exclude(completed_at=None, stopped_at=None)
    return _named(rows).order_by(Coalesce("completed_at", "stopped_at").desc(), "-pk")


def with_next(rows: Iterable[StepDown], user: User) -> list[tuple[StepDown, str]]:
    """Each of a list with what comes next, as far as its reader may know."""
    rows = list(rows)
    return [(row, _next_of(row, codes)) for row, codes in zip(rows, seen_missing(rows, user), strict=True)]


def seen_missing(rows: Sequence[Any], user: User) -> Iterator[list[str]]:
    """Of each, what is missing, as it was seen last: of a record that is closed to social care, only their own part."""
    works, new = {m.agency_id: m.role for m in memberships(user)}, began_with(rows)
    for row in rows:
        theirs = row.family_id is not None and row.agency_id in works and not row.reads
        knows = row.pk in new and (row.worker_id == user.pk or works.get(row.agency_id) == Role.MANAGER)
        codes = [code for code in row.missing if code in CONDITIONS]
        yield [code for code in codes if not (theirs and not knows and says_of_the_record(code))]


def _next_of(step_down: StepDown, missing: list[str]) -> str:
    if step_down.confirmed_at is None:
        return "Waits for its social worker to say that it is theirs"
    if step_down.family_id is None:
        return "The early help team of the area checks whether it knows the family"
    if step_down.open_since:
        return "Everything is there: it can be completed"
    if missing:
        return in_words(CONDITIONS[missing[0]].title)
    return "Early help has still to do its part" if step_down.missing else "See what is next"
