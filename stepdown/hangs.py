"""What of step-downs hangs on someone's place, as a number."""

from collections.abc import Iterator

from earlyhelp.access.identity import acting_as_system
from earlyhelp.accounts.models import Agency, User
from families.models import Episode
from stepdown.models import StepDown


def hangs(user: User, agency: Agency | None) -> Iterator[str]:
    at = {"agency": agency} if agency else {}
    with acting_as_system("what hangs on someone's place, as numbers"):
        count = StepDown.objects.filter(worker=user, completed_at=None, stopped_at=None, **at).count()
        overseen = Episode.objects.filter(overseer=user, ended_at=None).count()
    if count:
        yield f"Steps {count} famil{'y' if count == 1 else 'ies'} down: give each to a colleague first"
    if overseen:
        yield f"Oversees help for {overseen} famil{'y' if overseen == 1 else 'ies'}: whoever leads names someone else first"


def at_agency(agency: Agency) -> Iterator[str]:
    with acting_as_system("what hangs on someone's place, as numbers"):
        count = StepDown.objects.filter(agency=agency, completed_at=None, stopped_at=None).count()
    if count:
        yield f"Its social workers step {count} famil{'y' if count == 1 else 'ies'} down"
