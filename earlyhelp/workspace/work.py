"""What someone is to do, and whoever they stand in for: one list of all that waits for them, each with what to do and where. One question to the database,
which says of every part what they may know."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import CharField, DateTimeField, Exists, F, OuterRef, Q, QuerySet, Value
from django.db.models.functions import Cast, Coalesce, Left
from django.urls import reverse

from assessments.models import Asked
from consent.views.emergency import to_review
from earlyhelp.access.models import Grant
from earlyhelp.access.reasons import COVERS
from earlyhelp.accounts.models import Cover, Locality, Role, User
from earlyhelp.accounts.roles import has_role, memberships
from earlyhelp.core import clock
from earlyhelp.core.clock import in_london
from earlyhelp.core.prepared import Among, Prepared
from earlyhelp.procedures.services import procedure_in_force
from earlyhelp.timescales.clocks import registry
from earlyhelp.timescales.models import Extension, Timescale
from earlyhelp.timescales.services import of_others
from earlyhelp.workspace.models import CaseloadEntry
from families.models import Lead, LocalityHelp, TeamMember
from plans.models import Action, Meeting, Plan

MOST = 50  # of each kind
BEFORE_IT_ENDS = timedelta(days=28)
LONGEST = 120


@dataclass(frozen=True)
class Item:
    """What to do, for which family, where; by when, or who asked when. `kind` names the source, or the kind of clock."""

    kind: str
    text: str
    url: str
    family: str
    reference: str
    family_id: int | None
    row: str
    due: datetime | date | None = None
    first_due: datetime | None = None
    asked_by: str = ""
    asked_at: datetime | None = None
    more: str = ""

    @property
    def family_url(self) -> str:
        return f"/families/{self.reference}/"

    @property
    def day(self) -> date:
        assert self.due
        return in_london(self.due).date() if isinstance(self.due, datetime) else self.due

    @property
    def is_late(self) -> bool:
        return self.due < clock.now() if isinstance(self.due, datetime) else self.day < clock.today()


@dataclass(frozen=True)
class Work:
    """`waiting` for an answer, and work by when it is due; `has_more` when a kind has more than MOST."""

    waiting: list[Item]
    late: list[Item]
    today: list[Item]
    week: list[Item]
    later: list[Item]
    has_more: bool

    @property
    def groups(self) -> list[tuple[str, list[Item]]]:
        words = ("Late", "Today", "In the next 7 days", "Later")
        return [(word, items) for word, items in zip(words, self._due(), strict=True) if items]

    def _due(self) -> tuple[list[Item], ...]:
        return self.late, self.today, self.week, self.later

    @property
    def everything(self) -> list[Item]:
        return [*self.waiting, *(item for items in self._due() for item in items)]

    def reviews(self) -> int:
        return sum(item.kind == "emergency" for item in self.waiting)


COLUMNS = ("source", "row", "family_pk", "ref", "family_name", "by", "first", "said", "link", "asker", "asked")


def of(user: User, areas: list[Locality]) -> Work:
    """All that waits for someone who works in `areas` as an officer."""
    here = [area.pk for area in areas]
    if has_role(user, Role.SERVICE_MANAGER):
        rows = ALL_DECIDED(user, here)
    else:
        rows = SOME_DECIDED(user, here, [m.agency_id for m in memberships(user) if m.role == Role.MANAGER])
    items, counts = [], dict.fromkeys(VERBS, 0)
    for row in rows:
        said = dict(zip(COLUMNS, row, strict=True))
        counts[said["source"]] += 1
        items.append(VERBS[said["source"]](said))
    waiting = sorted((i for i in items if i.due is None), key=lambda i: (i.asked_at, i.reference))
    due = sorted((i for i in items if i.due), key=lambda i: (i.day, not isinstance(i.due, datetime), i.family, i.text))
    today, soon = clock.today(), clock.today() + clock.WEEK
    return Work(
        waiting,
        late=[i for i in due if i.is_late],
        today=[i for i in due if not i.is_late and i.day == today],
        week=[i for i in due if today < i.day <= soon],
        later=[i for i in due if i.day > soon],
        has_more=any(count == MOST for count in counts.values()),
    )


def _rows(rows: QuerySet[Any], source: str, order: str, **said: Any) -> QuerySet[Any]:
    """The first of a source, in the columns that all have; a family is the row's own, unless said otherwise."""
    none, nothing = Cast(Value(None), DateTimeField()), Value("", output_field=CharField())
    columns: dict[str, Any] = {
        "source": Value(source, output_field=CharField()),
        "row": Cast("pk", CharField()),
        "family_pk": F("family_id"),
        "ref": F("family__reference"),
        "family_name": F("family__name"),
        "by": none,
        "first": none,
        "said": nothing,
        "link": nothing,
        "asker": nothing,
        "asked": none,
    }
    own = {f"work_{name}": column for name, column in (columns | said).items()}  # no field of any model is called so
    return rows.annotate(**own).order_by(order, "pk").values_list(*(f"work_{name}" for name in COLUMNS))[:MOST]


def _sources(user: Any, areas: Any, decide: QuerySet[Any]) -> Iterator[QuerySet[Any]]:
    now = clock.now()
    covers = Cover.objects.current().filter(user=user)
    covered = ArraySubquery(covers.order_by().values("covered"))  # by which an index finds what they have
    theirs = Q(Among("owner", covered)) & Exists(
        covers.filter(covered=OuterRef("owner"), agency=OuterRef("owner_agency"))
    )
    clocks = Timescale.objects.filter(Q(owner=user) | theirs, met_at=None, stopped_at=None)
    yield _rows(
        clocks, "clock", "due_at", by=F("due_at"), first=F("first_due_at"), said=F("kind"), link=F("link"),
        ref=Coalesce(F("family__reference"), F("reference")), family_name=Coalesce(F("family__name"), Value("")),
    )  # fmt: skip
    stands_in = Exists(Grant.objects.in_force().filter(user=user, family=OuterRef("family"), reason=COVERS))
    for_them = Q(Among("user", covered)) & stands_in
    doing = Action.objects.filter(Q(user=user) | for_them, outcome__plan__episode__ended_at=None).exclude(
        outcome__plan__status=Plan.Status.DRAFT
    )
    doing = doing.exclude(status__in=Action.SETTLED)
    by = Cast("due_on", DateTimeField())
    yield _rows(doing, "action", "due_on", by=by, said=Left("text", LONGEST))
    to_hold = Meeting.objects.filter(arranged_by=user, status=Meeting.Status.ARRANGED)
    yield _rows(to_hold, "meeting", "on", by=Cast("on", DateTimeField()), said=F("kind"))
    ends = CaseloadEntry.objects.open().filter(
        Q(runner=user)
        | Q(Among("runner", covered)) & Exists(covers.filter(covered=OuterRef("runner"), agency=OuterRef("agency"))),
        leads=True,
        agreed=True,
        agreed_until__gt=now,
        agreed_until__lte=now + BEFORE_IT_ENDS,
    )
    yield _rows(ends, "agreement", "agreed_until", by=F("agreed_until"))
    on_team = TeamMember.objects.filter(
        user=user,
        status=TeamMember.Status.ACCEPTED,
        role=TeamMember.Role.CONTRIBUTOR,
        agency=OuterRef("agency"),
        episode=OuterRef("assessment__episode"),
    )
    parts = Asked.objects.filter(
        Exists(on_team), status=Asked.Status.WAITING, assessment__status="open", assessment__episode__ended_at=None
    )
    yield _rows(parts, "part", "until", by=Cast("until", DateTimeField()), said=F("part"))
    asked = Lead.objects.filter(user=user, status=Lead.Status.ASKED)
    yield _rows(asked, "lead", "asked_at", asker=F("asked_by__name"), asked=F("asked_at"))
    invited = TeamMember.objects.filter(user=user, status=TeamMember.Status.INVITED)
    yield _rows(invited, "team", "invited_at", asker=F("invited_by__name"), asked=F("invited_at"))
    helped = LocalityHelp.objects.filter(Among("locality", areas), status=LocalityHelp.Status.ASKED)
    yield _rows(helped, "help", "asked_at", said=Left("reason", 1000), asker=F("asked_by__name"), asked=F("asked_at"))
    decide = decide.filter(status=Extension.Status.ASKED)
    yield _rows(decide, "extension", "asked_at", asker=F("asked_by__name"), asked=F("asked_at"))
    yield _rows(to_review(user), "emergency", "starts_at", asker=F("user__name"), asked=F("starts_at"))


def _all(*given: Any) -> QuerySet[Any]:
    sources = list(_sources(*given))
    return sources[0].union(*sources[1:], all=True)


ALL_DECIDED = Prepared(lambda user, areas: _all(user, areas, of_others(user)))
SOME_DECIDED = Prepared(
    lambda user, areas, managed: _all(user, areas, of_others(user).filter(Among("timescale__owner_agency", managed)))
)


def _item(said: dict[str, Any], text: str, url_name: str, *args: Any, **also: Any) -> Item:
    url = reverse(url_name, args=[said["ref"], *args]) if url_name else also.pop("url")
    named = f"{said['family_name']} family" if said["family_name"] else ""
    asked = {"asked_by": said["asker"], "asked_at": said["asked"]}
    kind = also.pop("kind", said["source"])
    return Item(kind, text, url, named, said["ref"], said["family_pk"], said["row"], **asked | also)


def _clock(said: dict[str, Any]) -> Item:
    kind = registry[said["said"]]
    first = said["first"] if said["first"] != said["by"] else None
    url = kind.does_it(said["ref"], said["link"]) if said["family_pk"] else said["link"]
    return _item(said, kind.todo, "", url=url, kind=kind.kind, due=said["by"], first_due=first)


def _action(said: dict[str, Any]) -> Item:
    text = said["said"] + ("…" if len(said["said"]) == LONGEST else "")
    return _item(said, f"Do: {text}", "set_action_status", said["row"], due=said["by"].date())


def _agreement(said: dict[str, Any]) -> Item:
    word = procedure_in_force().words.agreement
    return _item(said, f"Ask the family again: their {word} ends", "record_agreement", due=said["by"])


VERBS = {
    "clock": _clock,
    "action": _action,
    "agreement": _agreement,
    "part": lambda said: _item(
        said,
        "Write the part of the assessment that your agency was asked for",
        "assessment_part",
        said["said"],
        due=said["by"].date(),
    ),
    "meeting": lambda said: _item(
        said, f"Hold, and record: {Meeting.Kind(said['said']).label}", "meeting", said["row"], due=said["by"].date()
    ),
    "lead": lambda said: _item(said, "Say whether you will lead", "answer_lead", said["row"]),
    "team": lambda said: _item(said, "Say whether you will join the team", "answer_invitation", said["row"]),
    "help": lambda said: _item(said, "Help find who leads", "family", more=said["said"]),
    "extension": lambda said: _item(said, "Decide on more time", "decide_extension", said["row"]),
    "emergency": lambda said: _item(said, "Review the emergency access", "review_emergency", said["row"]),
}
