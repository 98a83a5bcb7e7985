"""Who can see a family, and why: read from the one rule, `access_current`."""

from dataclasses import dataclass
from datetime import datetime

from django.db import connection

from consent.models import AgencyPermission
from earlyhelp.access.identity import acting_as_system
from earlyhelp.access.levels import Level
from earlyhelp.access.models import Grant
from earlyhelp.accounts.models import Membership, User
from earlyhelp.core import clock
from families.models import ConnectedUser, Family, Lead, TeamMember


@dataclass(frozen=True)
class Reader:
    user: User
    agency: str
    level: Level
    reason: str
    until: datetime | None
    withheld: tuple[str, ...] = ()
    unknown: frozenset[int] = frozenset()
    basic_only: frozenset[int] = frozenset()

    def level_about(self, person_id: int) -> Level:
        """How far they see what is about one person of the family."""
        if person_id in self.unknown:
            return Level.NONE
        return min(self.level, Level.BASIC) if person_id in self.basic_only else self.level


def readers(family: Family) -> list[Reader]:
    """Everyone who can see the family now, each reason a line, the furthest level first."""
    names = {p.pk: p.name for p in family.people()}
    with acting_as_system("who can see this family"):
        grants = list(
            Grant.objects.in_force()
            .filter(family=family)
            .select_related("user")
            .order_by("-level", "user__name", "reason")
        )
        homes: dict[int, str] = {}
        rows = Membership.objects.current().filter(user__in=[g.user_id for g in grants])
        for membership in rows.select_related("agency"):
            homes.setdefault(membership.user_id, membership.agency.name)
    return [
        Reader(
            user=g.user,
            agency=homes.get(g.user_id, ""),
            level=Level(g.level),
            reason=g.reason,
            until=g.until,
            withheld=tuple(sorted({names.get(pk, "someone") for pk in g.withheld_beyond_basic})),
            unknown=frozenset(g.withheld),
            basic_only=frozenset(g.withheld_beyond_basic),
        )
        for g in grants
    ]


def why_not(family: Family, user: User) -> list[tuple[str, bool]]:
    """The conditions under which `user` would see the family as a member of its team, and which of them hold."""
    with acting_as_system("why someone can’t see this family"):
        memberships = list(Membership.objects.current().filter(user=user).select_related("agency"))
        agencies = {m.agency_id for m in memberships}
        now = clock.now()
        known = {
            k.group_id: k.permission.codename
            for k in AgencyPermission.objects.filter(content_object=family).select_related("permission")
            if k.until is None or k.until > now
        }
        on_team = TeamMember.objects.filter(family=family, user=user, status="accepted").exists()
        leads = Lead.objects.filter(family=family, user=user, status="accepted").exists()
        connected = ConnectedUser.objects.filter(family=family, user=user).exists()
        episode = family.episode()
    shares = agencies & set(known)
    additional = {agency for agency in shares if known[agency] == "additional"}
    names = ", ".join(sorted(m.agency.name for m in memberships)) or "no agency"
    return [
        ("Their account is open", user.is_active),
        (f"They work for an agency ({names})", bool(memberships)),
        ("They are not recorded as connected to the family", not connected),
        ("Early help for the family is open", bool(episode and not episode.ended_at)),
        ("The family shares basic information with their agency", bool(shares)),
        ("The family shares additional information with their agency", bool(additional)),
        ("They lead, or have accepted a place on the team", on_team or leads),
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
