"""Who runs a family's support, and for which agency someone sees its record."""

from django.db.models import Subquery

from earlyhelp.access.holding import hold
from earlyhelp.access.levels import Level
from earlyhelp.access.models import Grant
from earlyhelp.accounts.models import Agency, User
from earlyhelp.core.prepared import Prepared
from families.models import Episode, Family, Lead, Runner

LEAD = Prepared(
    lambda episode: Lead.objects.filter(episode=episode, status=Lead.Status.ACCEPTED).select_related("user", "agency")[
        :1
    ]
)
RUNNER = Prepared(lambda episode: Runner.objects.filter(episode=episode).select_related("user", "agency")[:1])


def lock(family_id: int) -> Family:
    """Hold a family, and read it as it is then."""
    hold(family_id)
    return Family.objects.get(pk=family_id)


def lead_of(episode: Episode) -> Lead | None:
    """Who accepted to lead."""
    return LEAD.first(episode)


def runner_of(episode: Episode | None) -> Runner | None:
    """Who runs it, or led it until it ended."""
    return RUNNER.first(episode)


def agency_seen_through(*, user: User, family: Family) -> Agency | None:
    """The agency for which someone adds to this family's record; None for who sees it by their role alone."""
    grants = Grant.objects.in_force().filter(user=user, family=family, level__gte=Level.CONTRIBUTE)
    first = grants.exclude(agency_id=None).order_by("-level", "agency_id").values("agency_id")[:1]
    return Agency.objects.filter(pk=Subquery(first)).first()
