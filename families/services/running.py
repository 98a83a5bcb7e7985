"""Who runs a family's support, and for which agency someone sees its record."""

from dataclasses import dataclass

from django.db import connection

from earlyhelp.access.identity import acting_as_system
from earlyhelp.access.levels import Level
from earlyhelp.access.models import Grant
from earlyhelp.accounts.models import Agency, User
from families.models import Episode, Family, Lead


@dataclass(frozen=True)
class Runner:
    """Who runs an episode: its lead, or until there is one whoever makes the first contact."""

    user: User
    agency: Agency
    leads: bool


def lock(family_id: int) -> Family:
    """Hold a family for this transaction, as the system: who leads it and who is kept from it follow one another."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock_shared(7433)")  # before the row, as the refresh of grants does
    return Family.objects.select_for_update(of=("self",), no_key=True).get(pk=family_id)


def who_said_no(family: Family) -> set[int]:
    """Those whose last word was no: known to nobody but whoever runs the support."""
    with acting_as_system("who said no"), connection.cursor() as cursor:
        cursor.execute("SELECT unnest(people) FROM access_said_no(%s, NULL)", [family.pk])
        return {pk for (pk,) in cursor.fetchall()}


def lead_of(episode: Episode) -> Lead | None:
    """Who accepted to lead."""
    return Lead.objects.filter(episode=episode, status=Lead.Status.ACCEPTED).select_related("user", "agency").first()


def runner_of(episode: Episode | None) -> Runner | None:
    if episode is None:
        return None
    if lead := lead_of(episode):
        return Runner(lead.user, lead.agency, leads=True)
    if episode.first_contact_by and episode.first_contact_agency:
        return Runner(episode.first_contact_by, episode.first_contact_agency, leads=False)
    return None


def agency_seen_through(*, user: User, family: Family) -> Agency | None:
    """The agency for which someone adds to this family's record; None for who sees it by their role alone."""
    grants = Grant.objects.in_force().filter(user=user, family=family, level__gte=Level.CONTRIBUTE)
    pk = grants.exclude(agency_id=None).order_by("-level", "agency_id").values_list("agency_id", flat=True).first()
    return Agency.objects.get(pk=pk) if pk else None
