"""What pages and policies ask of a family's case."""

from earlyhelp.access.case import Case, fact
from families.models import Episode, Lead, Person


@fact
def episode(case: Case) -> Episode | None:
    """The open episode, else the latest that ended."""
    found: Episode | None = case.family.episode()
    return found


@fact
def people(case: Case) -> list[Person]:
    """The people of the family whom the asker may know of, eldest first."""
    return list(case.family.people())


@fact
def leads(case: Case) -> list[Lead]:
    """Who leads the episode, and who was asked and hasn't answered."""
    rows = Lead.objects.filter(episode=episode(case), status__in=[Lead.Status.ACCEPTED, Lead.Status.ASKED])
    return list(rows.select_related("user", "agency", "asked_by"))


def lead(case: Case) -> Lead | None:
    """Who accepted to lead."""
    return next((row for row in leads(case) if row.status == Lead.Status.ACCEPTED), None)
