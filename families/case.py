"""What pages and policies ask of a family's case."""

from earlyhelp.access.case import Case, fact
from earlyhelp.core.prepared import Prepared
from families.models import Episode, Lead, Person

PEOPLE = Prepared(lambda family: Person.objects.of(family).here())
EVERYONE = Prepared(lambda family: Person.objects.of(family))
LEADS = Prepared(
    lambda episode: Lead.objects.filter(
        episode=episode, status__in=[Lead.Status.ACCEPTED, Lead.Status.ASKED]
    ).select_related("user", "agency", "asked_by")
)


@fact
def episode(case: Case) -> Episode | None:
    """The open episode, else the latest that ended."""
    found: Episode | None = case.family.episode()
    return found


@fact
def people(case: Case) -> list[Person]:
    """The people of the family whom the asker may know of, eldest first."""
    return PEOPLE(case.family)


@fact
def everyone(case: Case) -> list[Person]:
    """Also who died or left."""
    return EVERYONE(case.family)


@fact
def leads(case: Case) -> list[Lead]:
    """Who leads the episode, and who was asked and hasn't answered."""
    return LEADS(episode(case))


def lead(case: Case) -> Lead | None:
    """Who accepted to lead."""
    return next((row for row in leads(case) if row.status == Lead.Status.ACCEPTED), None)
