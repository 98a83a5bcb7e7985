"""Choosing among families: what a list shows, in which order, a page at a time. `CaseloadEntry.objects` is already what the
asker may know of."""

import random
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields, replace
from typing import Any
from urllib.parse import urlencode

from django.db.models import Exists, F, OuterRef, Q, QuerySet, Subquery
from django.db.models.expressions import RawSQL

from earlyhelp.access.models import Grant
from earlyhelp.accounts.models import Membership, Role, User
from earlyhelp.accounts.roles import has_role, memberships
from earlyhelp.core.once import once
from earlyhelp.core.prepared import Among, Prepared
from earlyhelp.core.text import number
from earlyhelp.procedures.services import procedure_in_force
from earlyhelp.workspace.models import CaseloadDetail, CaseloadEntry, CaseloadQuerySet
from families.models import Episode, Family

PER_PAGE = 25
YES = ("yes", "True")
DUE = {"": "Any", "late": "Late", "week": "Due in the next 7 days"}
STAGES = {"": "Open, any stage", **dict(Episode.Stage.choices), "any": "Open or ended"}
LEVEL = "level_of_need"
SORTS = {"name": "name", "stage": "stage_order", "lead": "runner_name", "level": LEVEL, "due": "next_due_at"}
EXACT, SAMPLE = 1000, 1000
SURELY_BEYOND = 2  # so many times as many among those that are drawn: then there are more than EXACT, and nobody counts
FEW = 5000  # so many families can be looked at one by one


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
            stage=text["stage"] if text["stage"] in STAGES else "",
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
        return self._among(few(user), user)

    def drawn(self, user: User, sample: int) -> "Drawn":
        """All that were chosen, of who sees few families; else some of them, of about so many of all."""
        seen = few(user)
        rows = self._among(seen, user)
        return draw(rows, user.pk, sample) if seen is None else Drawn(rows, rows, 1)

    def _among(self, seen: QuerySet[Any] | None, user: User) -> CaseloadQuerySet:
        rows = _theirs(self.whose, seen, user)
        if self.stage != "any":
            rows = rows.filter(stage=self.stage) if self.stage else rows.open()
        if self.due:
            rows = rows.late() if self.due == "late" else rows.due_soon()
        for name, column in (("locality", "locality"), ("agency", "agency"), ("lead", "runner")):
            if value := getattr(self, name):
                rows = rows.filter(**{column: value})
        if self.team:
            rows = rows.filter(
                Exists(
                    Membership.objects.current().filter(
                        user=OuterRef("runner"), agency=OuterRef("agency"), team=self.team
                    )
                )
            )
        rows = rows.without_lead() if self.no_lead else rows
        rows = rows.without_agreement() if self.no_agreement else rows
        more = CaseloadDetail.objects.filter(family=OuterRef("family"))
        rows = rows.filter(Exists(more.filter(level_of_need=self.level))) if self.level else rows
        return rows.open().filter(Exists(more.filter(no_progress=True))) if self.no_progress else rows


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


def _theirs(word: str, seen: QuerySet[Any] | None, user: User) -> CaseloadQuerySet:
    rows = CaseloadEntry.objects.all()
    if word == "mine":
        return rows.of(user)
    rows = rows if seen is None else rows.filter(pk__in=seen)
    if word == "managed":
        return rows.filter(agency__in={m.agency_id for m in memberships(user) if m.role == Role.MANAGER})
    if word == "area":
        return rows.filter(locality__in={m.locality_id for m in memberships(user) if m.role == Role.LOCALITY_OFFICER})
    return rows


def few(user: User) -> QuerySet[Any] | None:
    """The families that someone sees, when they are few: what is asked about them is then asked of these, rather than of
    everybody's. None for who sees many."""
    many = once(f"sees many: {user.pk}", lambda: bool(BEYOND_FEW(user)))
    return None if many else seen(user).values("family")


def seen(user: Any) -> QuerySet[Grant]:
    """What lets someone see families."""
    return Grant.objects.in_force().filter(user=user).order_by()


BEYOND_FEW = Prepared(lambda user: seen(user).values_list("pk", flat=True)[FEW : FEW + 1])


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
    return rows.select_related("locality", "runner", "agency").annotate(
        level=Subquery(level.values("level_of_need")[:1])
    )


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

    def parts(self, *, back: bool = False) -> list[QuerySet[Any, int]]:
        """In this order, or (`back`) from its end."""
        way = "-" if self._down != back else ""
        parts = [self._valued.order_by(f"{way}{self._column}", f"{way}pk"), self._others.order_by(f"{way}pk")]
        return [part.values_list("pk", flat=True) for part in (parts[::-1] if back else parts)]

    def beyond(self, beside: Any, *, back: bool = False) -> list[QuerySet[Any, int]]:
        """What stands after a family, or (`back`) before it, the nearest first. Both bounds of the column are said, so that an
        index is entered there."""
        side = "lt" if self._down != back else "gt"
        value, valued, parts = self.value(beside), self._column, self.parts(back=back)
        here = 1 if (value is None) != back else 0
        if value is None:
            nearest = parts[here].filter(**{f"pk__{side}": beside.pk})
        else:
            further = Q(**{f"{valued}__{side}": value}) | Q(**{f"pk__{side}": beside.pk})
            nearest = parts[here].filter(further, **{f"{valued}__{side}e": value})
        return [nearest, *parts[here + 1 :]]

    def value(self, row: Any) -> Any:
        """What a family stands in the order by, of a row with all; None for nothing."""
        return getattr(row, self._column if self._column != LEVEL else "level")

    @property
    def _column(self) -> str:
        return SORTS[self.sort.removeprefix("-")]

    @property
    def _down(self) -> bool:
        return self.sort.startswith("-")

    @property
    def _valued(self) -> QuerySet[Any]:
        if self._column == LEVEL:
            return _levels().filter(family__in=self.rows.order_by().values("pk"))
        return self.rows.filter(**{f"{self._column}__isnull": False})

    @property
    def _others(self) -> CaseloadQuerySet:
        if self._column == LEVEL:
            return self.rows.filter(~Exists(_levels().filter(family=OuterRef("pk"))))
        return self.rows.filter(**{f"{self._column}__isnull": True})


LINES = Prepared(lambda ids: with_all(CaseloadEntry.objects.filter(Among("pk", ids))))


def _first(parts: list[QuerySet[Any, int]], count: int) -> list[Any]:
    first, *others = (part[:count] for part in parts)
    found = list(first.union(*others, all=True)[:count] if others else first)
    rows = {row.pk: row for row in LINES(found)}
    return [rows[pk] for pk in found if pk in rows]


def page(rows: CaseloadQuerySet, sort: str, *, after: str = "", before: str = "") -> Page:
    """A page of a list: those that follow the family with a reference, or stand before it; the first, where neither is
    there. It holds its place whatever is added before it, and reads no more than it shows."""
    beside = with_all(CaseloadEntry.objects.filter(reference=after or before)).first() if after or before else None
    ordered = Ordered(rows, sort)
    if beside is None:
        found = _first(ordered.parts(), PER_PAGE + 1)
        return Page(found[:PER_PAGE], after=found[PER_PAGE - 1].reference if len(found) > PER_PAGE else "")
    if after:
        found = _first(ordered.beyond(beside), PER_PAGE + 1)
        more, found = len(found) > PER_PAGE, found[:PER_PAGE]
        return Page(found, found[0].reference if found else "", found[-1].reference if more else "")
    found = _first(ordered.beyond(beside, back=True), PER_PAGE + 1)
    more, found = len(found) > PER_PAGE, found[:PER_PAGE][::-1]
    return Page(found, found[0].reference if more else "", found[-1].reference if found else "")


@dataclass(frozen=True)
class Count:
    """How many there are: exactly, or about, where it is drawn from some of them (then `number` is round)."""

    number: int
    about: bool = False

    def __str__(self) -> str:
        return f"about {self.number:,}" if self.about else f"{self.number:,}"

    def __bool__(self) -> bool:
        return self.number > 0


def about(number: int) -> Count:
    """An estimate, in two digits."""
    return Count(round(number, min(2 - len(str(number)), 0)), about=True)


@dataclass(frozen=True)
class Drawn:
    """Some families (`rows`) in place of all, each of which stands for `step`."""

    all: CaseloadQuerySet
    rows: CaseloadQuerySet
    step: int


LAST = Prepared(lambda: Family.objects.order_by("-pk").values_list("pk", flat=True)[:1])


def draw(rows: CaseloadQuerySet, seed: int, sample: int) -> Drawn:
    """Of all families up to the last that the asker sees some, drawn evenly; of them, those that are among the rows. The same
    `seed` draws the same."""
    last = LAST.first() or 0
    step, chance = max(last // sample, 1), random.Random(seed)  # noqa: S311  no secret hangs on it
    drawn = [at + chance.randrange(step) for at in range(1, last + 1, step)]
    return Drawn(rows, rows.filter(pk__in=RawSQL("SELECT unnest(%s::bigint[])", [drawn])), step)


def count(drawn: Drawn) -> Count:
    """How many families of a list there are, without reading all that someone may see: of who sees many, beyond a thousand,
    about as many as among those that are drawn."""
    if drawn.step == 1:
        return Count(drawn.rows.count())
    estimated = drawn.rows.count() * drawn.step
    if estimated > SURELY_BEYOND * EXACT:
        return about(estimated)
    return exactly(drawn.all, about(estimated))


def exactly(rows: CaseloadQuerySet, estimated: Count) -> Count:
    """How many there are, unless there are more than EXACT: then about as many as was estimated."""
    counted = rows.order_by().values("pk")[: EXACT + 1].count()
    return Count(counted) if counted <= EXACT else about(max(estimated.number, EXACT))


def in_words(rows: Iterable[Any]) -> list[Any]:
    """Lines of a list, each with its level of need as the local procedure calls it."""
    names, rows = levels(), list(rows)
    for row in rows:
        row.level_name = names.get(row.level or "", row.level or "")
    return rows
