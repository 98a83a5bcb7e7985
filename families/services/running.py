"""Who runs a family's support, for which agency someone sees its record, and who may be told of it at all."""

from collections.abc import Iterable
from dataclasses import dataclass

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


def who_may_know(family: Family, users: Iterable[User]) -> list[User]:
    """Those of `users` who may know of the family: nobody who is connected to it, or whom it excludes, is told of it."""
    users = list(users)
    with acting_as_system("who may be told of a family"):
        grants = Grant.objects.in_force().filter(family=family, user__in=[user.pk for user in users])
        know = set(grants.values_list("user_id", flat=True))
    return [user for user in users if user.pk in know]
