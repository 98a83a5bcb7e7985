"""Choosing among families: what a list shows, in which order, a page at a time. `CaseloadEntry.objects` is already what the
asker may know of."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields, replace
from functools import lru_cache
from typing import Any
from urllib.parse import urlencode

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import BigIntegerField, Count, Exists, F, Func, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.expressions import RawSQL

from earlyhelp.access.levels import Level
from earlyhelp.access.models import Grant
from earlyhelp.accounts.models import Membership, Role, User
from earlyhelp.accounts.roles import has_role, memberships
from earlyhelp.core.once import once
from earlyhelp.core.prepared import Among, Prepared
from earlyhelp.core.text import number
from earlyhelp.procedures.services import procedure_in_force
from earlyhelp.workspace.models import CaseloadDetail, CaseloadEntry, CaseloadQuerySet
from families.models import Episode
from families.models.episodes import stage_words

PER_PAGE = 25
YES = ("yes", "True")
DUE = {"": "Any", "late": "Late", "week": "Due in the next 7 days"}
LEVEL = "level_of_need"
SORTS = {"name": "name", "stage": "stage_order", "lead": "runner_name", "level": LEVEL, "due": "next_due_at"}
EXACT = 1000
SAMPLE, MORE = (
    500,
    1000,
)  # families that are drawn to say how many there are, and more where too few of the first were chosen
ENOUGH = 50  # so many that were chosen among those that are drawn say how many there are, to a seventh
SURELY_BEYOND = 2  # so many times as many among those that are drawn: then there are more than EXACT, and nobody counts
FEW = 2000  # so many families can be looked at one by one
SOME = 10_000  # so many grants can be looked through for a page
ONE_IN = 11  # of the families of who has no more grants are looked at for an estimate
FEW_LED = 500  # so many families whose level someone knows are sorted sooner than they are met among the others
SHAPES = 500  # so many kinds of question are kept


@dataclass(frozen=True)
class Filters:
    """What was chosen of the families that someone may know of: nothing of it names one."""

    whose: str = "all"
    stage: str = ""
    due: str = ""
    locality: int = 0
    agency: int = 0
    team: int = 0
    lead: int = 0
    level: str = ""
    no_lead: bool = False
    no_agreement: bool = False
    no_progress: bool = False
    sort: str = "due"

    @classmethod
    def read(cls, said: Mapping[str, Any], user: User) -> "Filters":
        """What an address or a saved filter says, of what there is to choose."""
        text = {name: str(said.get(name, "")) for name in cls.names()}
        mine = whose(user)
        return cls(
            whose=text["whose"] if text["whose"] in mine else next(iter(mine)),
            stage=text["stage"] if text["stage"] in (*Episode.Stage.values, "any") else "",
            due=text["due"] if text["due"] in DUE else "",
            locality=number(text["locality"]),
            agency=number(text["agency"]),
            team=number(text["team"]),
            lead=number(text["lead"]),
            level=text["level"] if text["level"] in levels() else "",
            no_lead=text["no_lead"] in YES,
            no_agreement=text["no_agreement"] in YES,
            no_progress=text["no_progress"] in YES,
            sort=text["sort"] if text["sort"].removeprefix("-") in SORTS else "due",
        )

    @classmethod
    def names(cls) -> list[str]:
        return [field.name for field in fields(cls)]

    @property
    def query(self) -> str:
        """How an address says it."""
        said = {name: value for name in self.names() if (value := getattr(self, name)) and name != "sort"}
        said |= {"sort": self.sort} if self.sort != "due" else {}
        return urlencode({name: "yes" if value is True else value for name, value in said.items()})

    @property
    def besides(self) -> bool:
        """Whether anything is chosen of what stands under "More filters"."""
        return any(getattr(self, name) for name in self.names() if name not in ("whose", "stage", "due", "sort"))

    @property
    def is_first(self) -> bool:
        """Whether nothing is chosen but whose."""
        return not (self.stage or self.due or self.besides)

    def sorted_by(self, column: str) -> "Filters":
        """The same, by a column; by the one that it is sorted by already, the other way round."""
        return replace(self, sort=f"-{column}" if self.sort == column else column)

    def rows(self, user: User) -> CaseloadQuerySet:
        """All that were chosen."""
        return self.shape(user).rows(*self.values(user))

    def shape(self, user: User) -> "Shape":
        """This question, of whichever area, agency, team, lead and level."""
        which: dict[str, Any] = {name: bool(getattr(self, name)) for name in WHICH}
        return Shape(replace(self, **which), sees_few(user) or (self._by_stage and sees_some(user)))

    @property
    def _by_stage(self) -> bool:
        """Whether families of one stage are met together: if they are few of someone's, after very many of others."""
        return self.stage not in ("", "any") or self.sort.endswith("stage")

    def values(self, user: User) -> tuple[Any, ...]:
        """What a question of this shape is asked with: by whom, of the agencies and areas that they look after, and of which."""
        posts = memberships(user)
        managed = [post.agency_id for post in posts if post.role == Role.MANAGER]
        areas = [post.locality_id for post in posts if post.role == Role.LOCALITY_OFFICER]
        return user, managed, areas, *(getattr(self, name) for name in WHICH)


WHICH = ("locality", "agency", "team", "lead", "level")
VALUES = 3 + len(WHICH)


@dataclass(frozen=True)
class Shape:
    """A question about families without its values, which is put together once for all of them. From the families of who sees
    few on, rather than through everybody's."""

    chosen: Filters
    few: bool

    def rows(
        self, user: Any, managed: Any, areas: Any, locality: Any, agency: Any, team: Any, lead: Any, level: Any
    ) -> CaseloadQuerySet:
        chosen, rows = self.chosen, CaseloadEntry.objects.all()
        if chosen.whose == "mine":
            rows = rows.of(user)
        elif self.few:
            rows = rows.filter(
                Among("pk", ArraySubquery(seen(user).values("family")))
            )  # read first, whatever the order
        rows = rows.filter(Among("agency", managed)) if chosen.whose == "managed" else rows
        rows = rows.filter(Among("locality", areas)) if chosen.whose == "area" else rows
        if chosen.stage != "any":
            rows = rows.filter(stage=chosen.stage) if chosen.stage else rows.open()
        if chosen.due:
            rows = rows.late() if chosen.due == "late" else rows.due_soon()
        rows = rows.filter(locality=locality) if chosen.locality else rows
        rows = rows.filter(agency=agency) if chosen.agency else rows
        rows = rows.filter(runner=lead) if chosen.lead else rows
        if chosen.team:
            posts = Membership.objects.current().filter(user=OuterRef("runner"), agency=OuterRef("agency"), team=team)
            rows = rows.filter(Exists(posts))
        rows = rows.without_lead() if chosen.no_lead else rows
        rows = rows.without_agreement() if chosen.no_agreement else rows
        more = CaseloadDetail.objects.filter(family=OuterRef("family"))
        rows = rows.filter(Exists(more.filter(level_of_need=level))) if chosen.level else rows
        stuck = CaseloadDetail.objects.filter(no_progress=True).order_by().values("family")
        return rows.open().filter(pk__in=stuck) if chosen.no_progress else rows


def stages() -> dict[str, str]:
    """What may be chosen of stages, as the local procedure calls them."""
    return {"": "Open, any stage", **{one: stage_words(one) for one in Episode.Stage.values}, "any": "Open or ended"}


def whose(user: User) -> dict[str, str]:
    """Whose families someone may choose; what they begin with stands first."""
    area, words = procedure_in_force().words.locality, {}
    if has_role(user, Role.PRACTITIONER):
        words["mine"] = "Mine"
    if has_role(user, Role.MANAGER):
        words["managed"] = "My agency’s"
    if has_role(user, Role.LOCALITY_OFFICER):
        words["area"] = f"My {area}’s"
    return words | {"all": "All that I may see", "mine": "Mine"}


def sees_few(user: User) -> bool:
    """Whether someone sees so few families that all that is asked about them is asked of these, rather than of everybody's."""
    return once(f"sees few: {user.pk}", lambda: not BEYOND_FEW(user))


def sees_some(user: User) -> bool:
    """Whether someone sees so few that theirs can be looked through, where that is better than through everybody's."""
    return once(f"sees some: {user.pk}", lambda: not BEYOND_SOME(user))


def seen(user: Any) -> QuerySet[Grant]:
    """What lets someone see families."""
    return Grant.objects.in_force().filter(user=user).order_by()


def _leads(user: Any) -> QuerySet[Any]:
    return seen(user).filter(level__gte=Level.LEAD).values("family")


BEYOND_FEW = Prepared(lambda user: seen(user).values_list("pk", flat=True)[FEW : FEW + 1])
BEYOND_SOME = Prepared(lambda user: seen(user).values_list("pk", flat=True)[SOME : SOME + 1])
LEADS_BEYOND_FEW = Prepared(lambda user: _leads(user)[FEW_LED : FEW_LED + 1])


def levels() -> dict[str, str]:
    """The levels of need, as the local procedure calls them."""
    return {level.code: level.name for level in procedure_in_force().levels}


@dataclass(frozen=True)
class Page:
    """Some of a list's families, and the references of those that the pages before and after it stand next to."""

    rows: list[Any]
    before: str = ""
    after: str = ""


def with_all(rows: CaseloadQuerySet) -> CaseloadQuerySet:
    """With what a list shows and sorts by."""
    level = _levels().filter(family=OuterRef("family"))
    return rows.select_related("locality").annotate(level=Subquery(level.values("level_of_need")[:1]))


def _levels() -> QuerySet[CaseloadDetail]:
    """The levels of need that the asker may know, in no order."""
    return CaseloadDetail.objects.filter(level_of_need__gt="").order_by()


def in_order(rows: CaseloadQuerySet, sort: str) -> CaseloadQuerySet:
    """All of them; what has no value to sort by stands last."""
    key = F("level" if sort.endswith("level") else SORTS[sort.removeprefix("-")])
    if sort.startswith("-"):
        return with_all(rows).order_by(key.desc(nulls_last=True), "-pk")
    return with_all(rows).order_by(key.asc(nulls_last=True), "pk")


@dataclass(frozen=True)
class Ordered:
    """Families in the order of a column: those with a value, then the others, each in the order of an index, as their ids."""

    rows: CaseloadQuerySet
    sort: str
    levels: QuerySet[CaseloadDetail]

    def parts(self, *, back: bool = False) -> list[QuerySet[Any, int]]:
        """In this order, or (`back`) from its end."""
        way = "-" if self._down != back else ""
        order = [f"{way}{self._column}", f"{way}pk"]
        by_index = (
            order if self._column != LEVEL else order[1:]
        )  # also where all stand in nothing: so the index is said to be in order
        parts = [self._valued.order_by(*order), self._others.order_by(*by_index)]
        return [part.values_list("pk", flat=True) for part in (parts[::-1] if back else parts)]

    def beyond(self, value: Any, pk: Any, *, back: bool = False) -> list[QuerySet[Any, int]]:
        """What stands after a family with a value (None for nothing), or (`back`) before it, the nearest first. Both bounds of the
        column are said, so that an index is entered there."""
        side = "lt" if self._down != back else "gt"
        valued, parts = self._column, self.parts(back=back)
        here = 1 if (value is None) != back else 0
        if value is None:
            nearest = parts[here].filter(**{f"pk__{side}": pk})
        else:
            further = Q(**{f"{valued}__{side}": value}) | Q(**{f"pk__{side}": pk})
            nearest = parts[here].filter(further, **{f"{valued}__{side}e": value})
        return [nearest, *parts[here + 1 :]]

    @property
    def _column(self) -> str:
        return SORTS[self.sort.removeprefix("-")]

    @property
    def _down(self) -> bool:
        return self.sort.startswith("-")

    @property
    def _valued(self) -> QuerySet[Any]:
        if self._column == LEVEL:
            return self.levels.filter(family__in=self.rows.order_by().values("pk"))
        return self.rows.filter(**{f"{self._column}__isnull": False})

    @property
    def _others(self) -> CaseloadQuerySet:
        if self._column == LEVEL:
            return self.rows.filter(~Exists(self.levels.filter(family=OuterRef("pk"))))
        return self.rows.filter(**{f"{self._column}__isnull": True})


LINES = Prepared(lambda ids: with_all(CaseloadEntry.objects.filter(Among("pk", ids)).order_by()))
BESIDE = Prepared(lambda said: with_all(CaseloadEntry.objects.filter(family__reference=said).order_by()))


@lru_cache(SHAPES)
def _ids(shape: Shape, sort: str, side: str, *, in_nothing: bool, leads_few: bool = False) -> Prepared[int]:
    """The first of a list; of those beyond a family, where a `side` of it is said: of one that has nothing to sort by, or not.
    `leads_few`: the asker knows the level of need of few families."""

    def build(value: Any, pk: Any, *given: Any) -> QuerySet[Any, int]:
        levels = _levels().filter(family__in=_leads(given[0])) if leads_few else _levels()
        ordered = Ordered(shape.rows(*given), sort, levels)
        value = None if in_nothing else value
        parts = ordered.beyond(value, pk, back=side == "before") if side else ordered.parts()
        first, *others = (part[: PER_PAGE + 1] for part in parts)
        return first.union(*others, all=True)[: PER_PAGE + 1] if others else first

    return Prepared(build, slots=2 + VALUES)


def page(chosen: Filters, user: User, *, after: str = "", before: str = "") -> Page:
    """A page of what was chosen: those that follow the family with a reference, or stand before it; the first, where neither is
    there. It holds its place whatever is added before it, and reads no more than it shows."""
    beside = BESIDE.first(after or before) if after or before else None
    column = SORTS[chosen.sort.removeprefix("-")]
    value = getattr(beside, "level" if column == LEVEL else column) if beside else None
    side = "" if beside is None else "after" if after else "before"
    leads_few = column == LEVEL and not LEADS_BEYOND_FEW(user)
    question = _ids(chosen.shape(user), chosen.sort, side, in_nothing=value is None, leads_few=leads_few)
    found = question(value, beside.pk if beside else None, *chosen.values(user))
    rows = {row.pk: row for row in LINES(found)}
    lines = [rows[pk] for pk in found if pk in rows]
    more, lines = len(lines) > PER_PAGE, lines[:PER_PAGE]
    if side == "before":
        lines.reverse()
        return Page(lines, lines[0].reference if more else "", lines[-1].reference if lines else "")
    first, last = (lines[0].reference, lines[-1].reference) if lines else ("", "")
    return Page(lines, first if side else "", last if more else "")


@dataclass(frozen=True)
class Tally:
    """How many there are: exactly, or about, where it is drawn from some of them (then `number` is round)."""

    number: int
    about: bool = False

    def __str__(self) -> str:
        if self.about and not self.number:  # that none was drawn doesn't say that there is none
            return "few or none"
        return f"about {self.number:,}" if self.about else f"{self.number:,}"

    def __bool__(self) -> bool:
        return self.number > 0


def about(number: int) -> Tally:
    """An estimate, in two digits."""
    return Tally(round(number, min(2 - len(str(number)), 0)), about=True)


# Of all families, up to the last that the asker sees, one in so many
KNOWN = "SELECT greatest(max(id) / %s, 1) AS step, max(id) AS last FROM families_family"
DRAWN = f"""
    SELECT unnest(ARRAY(
        SELECT at + (hashint8(at + %s) & 2147483647) %% step
        FROM ({KNOWN}) AS known, generate_series(1, last, step) AS at
    ))
"""
EACH = f"SELECT step FROM ({KNOWN}) AS known"


def draw(rows: CaseloadQuerySet, user: Any, sample: int | None) -> QuerySet[Any, Any]:
    """Those among about so many families that are drawn evenly of all, and always the same for someone; each stands for `step`.
    All of them without a `sample`."""
    if not sample:
        return rows.order_by().values(step=Value(1))
    step = RawSQL(EACH, [sample], output_field=BigIntegerField())  # noqa: S611  only a number comes from elsewhere
    return rows.filter(pk__in=RawSQL(DRAWN, [user, sample])).order_by().values(step=step)  # noqa: S611  only numbers


@lru_cache(SHAPES)
def _number(shape: Shape, sample: int | None) -> Prepared[tuple[int, int]]:
    """How many families there are, and for how many each stands: of all, or among those that are drawn."""

    def build(*given: Any) -> QuerySet[Any, tuple[int, int]]:
        return draw(shape.rows(*given), given[0], sample).annotate(n=Count("pk")).values_list("n", "step")

    return Prepared(build, slots=VALUES)


@lru_cache(SHAPES)
def _first(shape: Shape, most: int) -> Prepared[int]:
    """Some families, at most so many."""
    return Prepared(lambda *given: shape.rows(*given).order_by().values_list("pk", flat=True)[:most], slots=VALUES)


@lru_cache(SHAPES)
def _number_of_theirs(shape: Shape) -> Prepared[int]:
    """How many families there are among some of those that the asker sees: one in so many."""

    def build(*given: Any) -> QuerySet[Any, int]:
        rest = Func(F("family"), ONE_IN, arg_joiner=" %% ", template="%(expressions)s", output_field=BigIntegerField())
        some = seen(given[0]).annotate(rest=rest).filter(rest=0).values("family")
        rows = shape.rows(*given).filter(pk__in=some).order_by()
        return rows.values(each=Value(1)).annotate(n=Count("pk")).values_list("n", flat=True)

    return Prepared(build, slots=VALUES)


def count(chosen: Filters, user: User) -> Tally:
    """How many families were chosen, without reading all that someone may see: beyond a thousand, about as many as among those
    that are drawn; of who sees but some thousands, among theirs."""
    chosen = replace(chosen, sort="due")
    shape, values = chosen.shape(user), chosen.values(user)
    if shape.few:
        return Tally(_among(shape, values, None)[0])
    if sees_some(user):
        number = ONE_IN * (_number_of_theirs(shape).first(*values) or 0)
    else:
        found, step = _among(shape, values, SAMPLE)
        number = found * step
        if found < ENOUGH:
            others, step = _among(shape, values, MORE)
            number = (found + others) * step * MORE // (SAMPLE + MORE)
    return about(number) if number > SURELY_BEYOND * EXACT else exactly(chosen, user, Tally(number))


def _among(shape: Shape, values: tuple[Any, ...], sample: int | None) -> tuple[int, int]:
    return _number(shape, sample).first(*values) or (0, 1)


def exactly(chosen: Filters, user: User, estimated: Tally) -> Tally:
    """How many were chosen, unless there are more than EXACT: then about as many as was estimated."""
    counted = len(_first(chosen.shape(user), EXACT + 1)(*chosen.values(user)))
    return Tally(counted) if counted <= EXACT else about(max(estimated.number, EXACT))


def in_words(rows: Iterable[Any]) -> list[Any]:
    """Lines of a list, each with its level of need as the local procedure calls it."""
    names, rows = levels(), list(rows)
    for row in rows:
        row.level_name = names.get(row.level or "", row.level or "")
    return rows
