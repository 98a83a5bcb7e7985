"""Volume: families that were told are copied by plain SQL, ids shifted and names changed, a table at a time.

What follows from the rows (grants, history, what an agency may know) follows by the triggers; search keys by the same bulk
path as anywhere.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.contrib.postgres.fields import ArrayField
from django.db import connection
from django.db.models import BigIntegerField, CharField, DateField, DateTimeField, ForeignKey, Max, Model, TextField

from earlyhelp.access.bulk import in_bulk
from earlyhelp.accounts.models import Membership, User
from earlyhelp.demo.marchshire import statistics
from earlyhelp.timescales.clocks import registry
from earlyhelp.timescales.models import Timescale, TimescaleEvent
from families.models import Family, FiledInError, Person, Request, RequestPerson, RequestWords, SearchKey
from families.references import new_references
from families.services import people
from stepdown.models import StepDown, StepUp

APPS = ("families", "consent", "assessments", "plans", "timescales")
LEFT_OUT = (SearchKey, FiledInError)  # keys are written anew; a family with something filed in error isn't copied
HOLDS = {  # arrays, by column
    "about": Person, "whom": Person, "kept_from": Person, "theirs": Person, "not_told": Person, "readers": User, "reviewers": User,
}  # fmt: skip
JOINS: dict[type[Model], str] = {
    Family: "JOIN copied f ON f.old = t.id",
    RequestPerson: "JOIN families_request r ON r.id = t.request_id JOIN copied f ON f.old = r.family_id",
    RequestWords: "JOIN families_request r ON r.id = t.request_id JOIN copied f ON f.old = r.family_id",
    TimescaleEvent: "JOIN timescales_timescale c ON c.id = t.timescale_id JOIN copied f ON f.old = c.family_id",
}


def copy(
    families: Iterable[int],
    *,
    times: int,
    crews: int,
    family_name: Callable[[int], str],
    name: Callable[[int], str],
    days: int = 1,
) -> int:
    """Copy each family `times` times; the work of each practitioner around it is shared out among `crews` colleagues of the same
    agency. `family_name` and `name` say what the n-th copy and the n-th colleague are called. The copies of a family are told
    as of so many `days` one after the other. Returns how many families were made."""
    with in_bulk():
        return _copy_all(families, times, crews, family_name, name, days)


def _copy_all(
    families: Iterable[int],
    times: int,
    crews: int,
    family_name: Callable[[int], str],
    name: Callable[[int], str],
    days: int,
) -> int:
    wrong = FiledInError.objects.values("family")
    handed_over = StepDown.objects.exclude(family=None).values("family")  # a social worker has so many and no more
    stepped_up = StepUp.objects.values("family")
    rows = Family.objects.filter(pk__in=list(families)).exclude(pk__in=wrong)
    told = list(rows.exclude(pk__in=handed_over).exclude(pk__in=stepped_up).order_by("pk"))
    tables = _in_order()
    practitioners = list(User.objects.filter(memberships__role="practitioner").distinct().order_by("pk"))
    numbered: list[type[Model]] = [User, *filter(_is_numbered, tables)]
    shift = Shift({model: _highest(model) for model in numbered}, [user.pk for user in practitioners], days)
    _add_colleagues(practitioners, shift, min(times, crews), name)
    _list_copies(told, times, crews, family_name)
    for model in tables:
        _copy(model, shift)
    statistics.refresh()
    shift.go_on_counting(times)
    people.index(*Person.objects.filter(pk__gt=shift.by[Person]))
    people.index_families(*Family.objects.filter(pk__gt=shift.by[Family]))
    return len(told) * times


def _in_order() -> list[type[Model]]:
    """The tables to copy, what others point to first."""
    models = [m for m in apps.get_models() if m._meta.app_label in APPS and m._meta.managed and m not in LEFT_OUT]
    left = [m for m in models if m in JOINS or any(f.name == "family" for f in m._meta.concrete_fields)]
    order: list[type[Model]] = []
    while left:
        order += (free := [m for m in left if not _points_to(m) & set(left) - {m}])
        left = [m for m in left if m not in free]
    return order


def _points_to(model: type[Model]) -> set[Any]:
    return {field.related_model for field in model._meta.concrete_fields if isinstance(field, ForeignKey)}


def _is_numbered(model: type[Model]) -> bool:
    return model._meta.pk.get_internal_type() == "BigAutoField"


def _highest(model: type[Model]) -> int:
    return int(model._base_manager.aggregate(m=Max("pk"))["m"] or 0)


@dataclass(frozen=True)
class Shift:
    """By how much ids grow from copy to copy, so that none is taken; of users, the practitioners' alone."""

    by: dict[Any, int]
    practitioners: Sequence[int]
    days: int

    def of(self, column: str, model: Any) -> str:
        """SQL: the id in the copy, of a column with the id of a model."""
        if model is User:
            ours = f"{column} IN ({', '.join(map(str, self.practitioners))})"
            return f"CASE WHEN {ours} THEN {column} + f.crew * {self.by[User]} ELSE {column} END"
        if model in (Request, RequestPerson):
            return f"md5({column}::text || (f.nth * {self.by[Family]}))::uuid"
        return f"{column} + f.nth * {self.by[model]}" if model in self.by else column

    def go_on_counting(self, times: int) -> None:
        """New rows come after the copies."""
        with connection.cursor() as cursor:
            for model, by in self.by.items():
                counter = f"pg_get_serial_sequence('{model._meta.db_table}', 'id')"
                cursor.execute(f"SELECT count(nextval({counter})) FROM generate_series(1, {by * (times + 1)})")


def _add_colleagues(practitioners: Sequence[User], shift: Shift, crews: int, name: Callable[[int], str]) -> None:
    posts = {post.user_id: post for post in Membership.objects.filter(user__in=practitioners)}
    pairs = [(user, crew) for crew in range(1, crews + 1) for user in practitioners]
    colleagues = User.objects.bulk_create(
        User(
            pk=user.pk + crew * shift.by[User],
            email=f"{user.pk + crew * shift.by[User]}.{user.email}",
            name=name(number),
            job_title=user.job_title,
            phone=user.phone,
            password=user.password,
        )
        for number, (user, crew) in enumerate(pairs)
    )
    Membership.objects.bulk_create(
        Membership(user=colleague, agency_id=post.agency_id, team_id=post.team_id, role=post.role)
        for colleague, (user, _) in zip(colleagues, pairs, strict=True)
        if (post := posts[user.pk])
    )


def _list_copies(told: Sequence[Family], times: int, crews: int, family_name: Callable[[int], str]) -> None:
    """Tables `copied` and `copied_request`: what each copy is called, and whose colleagues work with the family."""
    asked = Request.objects.filter(family__in=told).values_list("pk", flat=True)
    references = iter(new_references((len(told) + len(asked)) * times))
    families = [
        (f.pk, nth + 1, nth % crews + 1, f.name, f.reference, family_name(i * times + nth), next(references))
        for i, f in enumerate(told)
        for nth in range(times)
    ]
    requests = [(pk, nth + 1, next(references)) for pk in asked for nth in range(times)]
    with connection.cursor() as cursor:
        cursor.execute(
            "CREATE TEMPORARY TABLE copied (old bigint, nth bigint, crew bigint, name text, reference text,"
            " new_name text, new_reference text) ON COMMIT DROP;"
            "CREATE TEMPORARY TABLE copied_request (old uuid, nth bigint, reference text, PRIMARY KEY (old, nth)) ON COMMIT DROP"
        )
        cursor.executemany("INSERT INTO copied VALUES (%s, %s, %s, %s, %s, %s, %s)", families)
        cursor.executemany("INSERT INTO copied_request VALUES (%s, %s, %s)", requests)
        cursor.execute("ANALYZE copied, copied_request")


def _copy(model: type[Model], shift: Shift) -> None:
    names = [connection.ops.quote_name(field.column) for field in model._meta.concrete_fields]
    columns = {field.column: _value(field, shift) for field in model._meta.concrete_fields}
    table, join = model._meta.db_table, JOINS.get(model, "JOIN copied f ON f.old = t.family_id")
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {table} ({', '.join(names)}) SELECT {', '.join(columns.values())} FROM {table} t {join}"
        )


def _value(field: Any, shift: Shift) -> str:
    """SQL: what a column holds in the copy."""
    column = f"t.{connection.ops.quote_name(field.column)}"
    if field.primary_key or isinstance(field, ForeignKey):
        return shift.of(column, field.related_model if isinstance(field, ForeignKey) else field.model)
    if isinstance(field, ArrayField):
        if not isinstance(field.base_field, BigIntegerField):
            return column
        one = shift.of("x", HOLDS[field.name])
        return f"CASE WHEN {column} IS NOT NULL THEN ARRAY(SELECT {one} FROM unnest({column}) x) END"
    if (field.model, field.name) == (Request, "reference"):
        return "(SELECT q.reference FROM copied_request q WHERE q.old = t.id AND q.nth = f.nth)"
    if (field.model, field.name) == (Timescale, "key"):
        return _key(shift)
    if isinstance(field, DateField) and shift.days > 1:  # also moments
        day = "interval '1 day'" if isinstance(field, DateTimeField) else "1"
        return f"{column} - (f.nth % {shift.days})::int * {day}"
    if isinstance(field, CharField | TextField) and not field.choices:
        return f"replace(replace({column}, f.name, f.new_name), f.reference, f.new_reference)"
    return column


def _key(shift: Shift) -> str:
    """SQL: the name of a clock, which holds the id of what it times."""
    cases = ""
    for clock in registry.values():
        model = apps.get_model(clock.of)
        old = f"split_part(t.key, ':', 2)::{'bigint' if _is_numbered(model) else 'uuid'}"
        cases += f" WHEN '{clock.kind}' THEN ({shift.of(old, model)})::text"
    return f"t.kind || ':' || CASE t.kind{cases} END || ':' || split_part(t.key, ':', 3)"
