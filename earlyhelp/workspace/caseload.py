"""Choosing among families: what a list shows, in which order, a page at a time. `CaseloadEntry.objects` is already what the
asker may know of."""

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, fields, replace
from typing import Any
from urllib.parse import urlencode

from django.db.models import Case, Exists, F, OuterRef, Q, Subquery, Value, When

from earlyhelp.accounts.models import Membership, Role, User
from earlyhelp.accounts.roles import has_role, memberships
from earlyhelp.core.text import number
from earlyhelp.procedures.services import procedure_in_force
from earlyhelp.workspace.models import CaseloadDetail, CaseloadEntry, CaseloadQuerySet
from families.models import Episode

PER_PAGE = 25
YES = ("yes", "True")
DUE = {"": "Any", "late": "Late", "week": "Due in the next 7 days"}
STAGES = {"": "Open, any stage", **dict(Episode.Stage.choices), "any": "Open or ended"}
SORTS = {"name": "name", "stage": "stage_order", "lead": "runner__name", "level": "level", "due": "next_due_at"}


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
        said = {name: value for name, value in asdict(self).items() if value and name != "sort"}
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
        rows = _theirs(self.whose, user)
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


def _theirs(word: str, user: User) -> CaseloadQuerySet:
    rows = CaseloadEntry.objects.all()
    if word == "mine":
        return rows.of(user)
    if word == "managed":
        return rows.filter(agency__in={m.agency_id for m in memberships(user) if m.role == Role.MANAGER})
    if word == "area":
        return rows.filter(locality__in={m.locality_id for m in memberships(user) if m.role == Role.LOCALITY_OFFICER})
    return rows


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
    level = CaseloadDetail.objects.filter(family=OuterRef("family")).exclude(level_of_need="")
    order = Case(*(When(stage=stage, then=Value(n)) for n, stage in enumerate(Episode.Stage.values)), default=Value(9))
    return rows.select_related("locality", "runner", "agency").annotate(
        stage_order=order, level=Subquery(level.values("level_of_need")[:1])
    )


def in_order(rows: CaseloadQuerySet, sort: str) -> CaseloadQuerySet:
    key = F(SORTS[sort.removeprefix("-")])
    first = key.desc(nulls_last=True) if sort.startswith("-") else key.asc(nulls_last=True)
    return with_all(rows).order_by(first, "pk")


def page(rows: CaseloadQuerySet, sort: str, *, after: str = "", before: str = "") -> Page:
    """A page of a list: those that follow the family with a reference, or stand before it; the first, where neither is
    there. It holds its place whatever is added before it, and reads no more than it shows."""
    beside = with_all(CaseloadEntry.objects.filter(reference=after or before)).first() if after or before else None
    ordered = in_order(rows, sort)
    if beside is None:
        found = list(ordered[: PER_PAGE + 1])
        return Page(found[:PER_PAGE], after=found[PER_PAGE - 1].reference if len(found) > PER_PAGE else "")
    if after:
        found = list(ordered.filter(_beyond(beside, sort))[: PER_PAGE + 1])
        more, found = len(found) > PER_PAGE, found[:PER_PAGE]
        return Page(found, found[0].reference if found else "", found[-1].reference if more else "")
    found = list(ordered.filter(~_beyond(beside, sort)).exclude(pk=beside.pk).reverse()[: PER_PAGE + 1])
    more, found = len(found) > PER_PAGE, found[:PER_PAGE][::-1]
    return Page(found, found[0].reference if more else "", found[-1].reference if found else "")


def _beyond(beside: Any, sort: str) -> Q:
    """What stands after a family in this order; what has no value to sort by stands last."""
    column = SORTS[sort.removeprefix("-")]
    value: Any = beside
    for part in column.split("__"):
        value = getattr(value, part, None)
    if value is None:
        return Q(**{f"{column}__isnull": True}, pk__gt=beside.pk)
    further = "lt" if sort.startswith("-") else "gt"
    same = Q(**{column: value}, pk__gt=beside.pk)
    return Q(**{f"{column}__{further}": value}) | same | Q(**{f"{column}__isnull": True})


def in_words(rows: Iterable[Any]) -> list[Any]:
    """Lines of a list, each with its level of need as the local procedure calls it."""
    names, rows = levels(), list(rows)
    for row in rows:
        row.level_name = names.get(row.level or "", row.level or "")
    return rows
