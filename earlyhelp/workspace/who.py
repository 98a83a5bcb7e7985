"""Who can see a family, and why: read from the one rule, `access_current`."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast

from django.db import connection
from django.db.models import Min

from consent.models import ExcludedPerson
from earlyhelp.access.identity import acting_as_system
from earlyhelp.access.levels import Level
from earlyhelp.access.models import Grant, GrantPeriod, ReadLog
from earlyhelp.access.reasons import EMERGENCY, LAWFUL, Reason, registry
from earlyhelp.accounts.models import Agency, Membership, User
from families.models import ConnectedUser, ContactAttempt, Document, Family, FiledInError, Note, Person
from families.services.errors import Item


@dataclass(frozen=True)
class Reader:
    user: User
    agency: str
    level: Level
    reason: Reason
    until: datetime | None
    withheld: tuple[str, ...] = ()
    unknown: frozenset[int] = frozenset()
    basic_only: frozenset[int] = frozenset()

    def level_about(self, person_id: int) -> Level:
        """How far they see what is about one person of the family."""
        if person_id in self.unknown:
            return Level.NONE
        return min(self.level, Level.BASIC) if person_id in self.basic_only else self.level


def readers(family: Family, *, of: set[int] | None = None) -> list[Reader]:
    """Everyone who can see the family now, each reason a line, the furthest level first. `of`: the only people whose names
    may be said, of those about whom someone sees less; None for whoever may know that there are others."""
    names = {p.pk: p.name for p in family.everyone()}
    with acting_as_system("who can see this family"):
        return _as_readers(Grant.objects.in_force().filter(family=family), names, of)


def readers_on(family: Family, moment: datetime) -> list[Reader]:
    """Everyone who could see the family at a moment, each reason a line, the furthest level first."""
    names = {p.pk: p.name for p in family.everyone()}
    with acting_as_system("who could see this family at a moment"):
        return _as_readers(GrantPeriod.objects.in_force_at(moment).filter(family=family), names)


def kept_since(family: Family) -> datetime | None:
    """Since when it is kept who could see the family."""
    with acting_as_system("since when it is kept who could see this family"):
        first = GrantPeriod.objects.filter(family=family).aggregate(first=Min("opened_at"))["first"]
    return cast("datetime | None", first)


def _as_readers(held: Any, names: dict[int, str], of: set[int] | None = None) -> list[Reader]:
    grants = _furthest(held.select_related("user").order_by("-level", "user__name", "reason"))
    homes = _homes({g.user_id for g in grants})
    agencies = dict(Agency.objects.filter(pk__in={g.agency_id for g in grants}).values_list("pk", "name"))
    return [
        Reader(
            user=g.user,
            agency=agencies.get(g.agency_id) or homes.get(g.user_id, ""),
            level=Level(g.level),
            reason=registry[g.reason],
            until=g.until,
            withheld=tuple(
                sorted({names.get(pk, "someone") for pk in g.withheld_beyond_basic if of is None or pk in of})
            ),
            unknown=frozenset(g.withheld),
            basic_only=frozenset(g.withheld_beyond_basic),
        )
        for g in grants
    ]


def _furthest(grants: Iterable[Any]) -> list[Any]:
    """Without those that give someone no more than another gives for the same reason, and for at least as long."""
    kept: list[Any] = []
    for grant in grants:
        covered = any(
            k.user_id == grant.user_id
            and (k.reason, k.agency_id) == (grant.reason, grant.agency_id)
            and k.level > grant.level
            and (k.until is None or (grant.until is not None and k.until >= grant.until))
            and set(k.withheld) <= set(grant.withheld)
            for k in kept
        )
        if not covered:
            kept.append(grant)
    return kept


def _homes(user_ids: set[int]) -> dict[int, str]:
    """The agency that each of some users works for now."""
    homes: dict[int, str] = {}
    rows = Membership.objects.current().filter(user__in=user_ids).select_related("agency")
    for membership in rows:
        homes.setdefault(membership.user_id, membership.agency.name)
    return homes


@dataclass(frozen=True)
class Opened:
    """Someone opened what held a thing that was filed in error, so many times."""

    user: User
    agency: str
    page: str
    first: datetime
    last: datetime
    times: int


# Where each kind of thing stood, by the action that opened the page
PAGES = {
    "families.see_notes": "Notes",
    "families.see_people": "People",
    "workspace.chronology": "Chronology",
    "families.see": "Overview",
}
FILE = {"families.open_document": "The file itself"}


def opened(stub: FiledInError) -> list[Opened]:
    """Who opened a thing that was filed in error, until it was removed: a file by itself, a note or contact with the
    pages on which it stood, by whoever could read it then."""
    model = {m._meta.db_table: m for m in (Note, Document, ContactAttempt, Person)}[stub.table_name]
    with acting_as_system("who had opened what was filed in error"):
        item = model._default_manager.get(pk=stub.row_id)
        pages = FILE if model is Document else PAGES
        reads = ReadLog.objects.filter(
            family_id=stub.family_id, what__in=pages, refused=False, at__gte=stub.filed_at, at__lte=stub.created_at
        ).order_by("at")
        if model is Document:
            reads = reads.filter(row_id=item.pk)
        periods: dict[int, list[GrantPeriod]] = {}
        for period in GrantPeriod.objects.filter(family=stub.family_id, level__gte=Level.VIEW):
            periods.setdefault(period.user_id, []).append(period)
        found: dict[tuple[int, str], list[datetime]] = {}
        for user_id, what, at in reads.values_list("user", "what", "at"):
            if user_id and any(_shows(period, item, at) for period in periods.get(user_id, [])):
                found.setdefault((user_id, what), []).append(at)
        users = User.objects.in_bulk({user for user, _ in found})
        homes = _homes(set(users))
    return [
        Opened(users[user], homes.get(user, ""), pages[what], times[0], times[-1], len(times))
        for (user, what), times in found.items()
    ]


def _shows(period: GrantPeriod, item: Item, at: datetime) -> bool:
    """Whether someone who held this at a moment could read the thing then."""
    held = period.opened_at <= at and not any(end and end <= at for end in (period.closed_at, period.until))
    if held and isinstance(item, Person):
        return item.pk not in period.withheld
    if not held or not isinstance(item, Note):
        return held
    return (
        not set(item.about) & set(period.withheld_beyond_basic)
        and (item.reader_agency_id is None or item.reader_agency_id == period.agency_id)
        and (item.readers is None or period.user_id in item.readers)
    )


# Of each agency that someone works for or has a place through, what the rule's own parts say of it
TEAM_ARM = """
SELECT a.agency_id, m.works, coalesce(m.may_lead OR (m.may_join AND seat.joined IS NOT FALSE), false) AS fits,
    e.id IS NOT NULL AS open, coalesce(s.agreed, false) AS agreed, k.family_id IS NOT NULL AS basic,
    coalesce(k.additional, false) AS additional, seat.joined IS NOT NULL AS seated
FROM (
    SELECT agency_id FROM access_works_for WHERE user_id = %(user)s
    UNION SELECT agency_id FROM families_teammember WHERE user_id = %(user)s AND family_id = %(family)s
    UNION SELECT agency_id FROM access_runs WHERE user_id = %(user)s AND family_id = %(family)s
) a
LEFT JOIN families_episode e ON e.family_id = %(family)s AND e.ended_at IS NULL
LEFT JOIN LATERAL (
    SELECT agreed FROM access_said(%(family)s, e.id) WHERE until IS NULL OR until > access_now()
) s ON true
LEFT JOIN LATERAL (
    SELECT count(*) > 0 AS works, bool_or(may_lead) AS may_lead, bool_or(may_join) AS may_join FROM access_works_for
    WHERE user_id = %(user)s AND agency_id = a.agency_id AND (until IS NULL OR until > access_now())
) m ON true
LEFT JOIN LATERAL (
    SELECT family_id, additional FROM access_agency_knows
    WHERE family_id = %(family)s AND agency_id = a.agency_id AND (until IS NULL OR until > access_now())
    ORDER BY additional DESC LIMIT 1
) k ON true
LEFT JOIN LATERAL (
    SELECT bool_or(joined) AS joined FROM (
        SELECT true AS joined FROM families_teammember
        WHERE episode_id = e.id AND user_id = %(user)s AND agency_id = a.agency_id AND status = 'accepted'
          AND (ends_at IS NULL OR ends_at > access_now())
        UNION ALL
        SELECT false FROM access_runs
        WHERE episode_id = e.id AND user_id = %(user)s AND agency_id = a.agency_id AND leads
    ) places
) seat ON true
"""


def why_not(family: Family, user: User) -> list[tuple[str, bool]]:
    """The conditions under which `user` would see the family as its lead or as a member of its team, and which of them
    hold: of the agency for which the most do. All hold exactly when the rule lets them in that way."""
    with acting_as_system("why someone can’t see this family"), connection.cursor() as cursor:
        cursor.execute(TEAM_ARM, {"user": user.pk, "family": family.pk})
        of_agency = {row[0]: row[1:] for row in cursor.fetchall()}
        barred = ExcludedPerson.objects.filter(family=family, user=user, ended_at=None).exists()
        connected = ConnectedUser.objects.filter(family=family, user=user).exists()
        names = Agency.objects.filter(pk__in=of_agency).order_by("name").values_list("name", flat=True)
        episode = family.episode()
    works, fits, is_open, agreed, basic, additional, seated = max(of_agency.values(), key=sum, default=(False,) * 7)
    return [
        ("Their account is open", user.is_active),
        (f"They work for an agency ({', '.join(names) or 'no agency'})", works),
        ("Their role there may be given it", fits),
        ("They are not recorded as connected to the family", not connected),
        ("The family has not asked that they never see it", not barred),
        ("Early help for the family is open", is_open or bool(episode and not episode.ended_at)),
        ("The family agrees to early help", agreed),
        ("The family shares basic information with their agency", basic),
        ("The family shares additional information with their agency", additional),
        ("They lead, or have accepted a place on the team", seated),
    ]


def other_ways(family: Family, user: User) -> list[tuple[str, bool]]:
    """The ways to see the family without being on its team, and which of them are open to `user` now."""
    with acting_as_system("other ways to see this family"), connection.cursor() as cursor:
        cursor.execute(
            "SELECT reason FROM access_current WHERE family_id = %s AND user_id = %s AND reason = ANY (%s)"
            " AND (until IS NULL OR until > access_now())",
            [family.pk, user.pk, [EMERGENCY, LAWFUL]],
        )
        is_open = {reason for (reason,) in cursor.fetchall()}
    return [
        ("They opened the record in an emergency, and that time has not run out", EMERGENCY in is_open),
        ("A decision to share without agreement names them, and has not ended", LAWFUL in is_open),
    ]


def visible(family: Family, user: User) -> bool:
    """Whether the rule itself, not its projection, lets `user` see the family now."""
    with acting_as_system("check of one person’s access"), connection.cursor() as cursor:
        cursor.execute(
            "SELECT EXISTS (SELECT 1 FROM access_current WHERE family_id = %s AND user_id = %s"
            " AND (until IS NULL OR until > access_now()))",
            [family.pk, user.pk],
        )
        return bool(cursor.fetchone()[0])
