"""What of families hangs on someone's place, as numbers: the desk shows them to whoever ends it."""

from collections.abc import Iterator

from earlyhelp.access.identity import acting_as_system
from earlyhelp.accounts.models import Agency, User
from families.models import Episode, Lead, Runner, TeamMember


def at_agency(agency: Agency) -> Iterator[str]:
    with acting_as_system("what hangs on someone's place, as numbers"):
        running = Runner.objects.filter(agency=agency, episode__ended_at=None).count()
        places = TeamMember.objects.filter(
            agency=agency, status=TeamMember.Status.ACCEPTED, episode__ended_at=None
        ).count()
    if running:
        yield f"It runs the support of {running} famil{'y' if running == 1 else 'ies'}"
    if places:
        yield f"Its people have {places} place{'s' * (places != 1)} on families’ teams"


def hangs(user: User, agency: Agency | None) -> Iterator[str]:
    at = {"agency": agency} if agency else {}
    with acting_as_system("what hangs on someone's place, as numbers"):
        leads = Lead.objects.filter(user=user, status=Lead.Status.ACCEPTED, episode__ended_at=None, **at).count()
        first = {"first_contact_agency": agency} if agency else {}
        begins = Episode.objects.filter(
            first_contact_by=user, ended_at=None, stage=Episode.Stage.FIRST_CONTACT, **first
        )
        begun, places = (
            begins.count(),
            TeamMember.objects.filter(
                user=user, status=TeamMember.Status.ACCEPTED, episode__ended_at=None, **at
            ).count(),
        )
    if leads:
        yield f"Leads {leads} famil{'y' if leads == 1 else 'ies'}"
    if begun:
        yield f"Makes the first contact with {begun} famil{'y' if begun == 1 else 'ies'}"
    if places:
        yield f"On the team of {places} famil{'y' if places == 1 else 'ies'}"
