"""What of plans hangs on someone's place, as a number."""

from collections.abc import Iterator

from earlyhelp.access.identity import acting_as_system
from earlyhelp.accounts.models import Agency, Membership, User
from plans.models import Action


def at_agency(agency: Agency) -> Iterator[str]:
    people = Membership.objects.current().filter(agency=agency).values("user")
    with acting_as_system("what hangs on someone's place, as numbers"):
        todo = Action.objects.filter(user__in=people, outcome__plan__episode__ended_at=None)
        count = todo.exclude(status__in=Action.SETTLED).count()
    if count:
        yield f"Its people have {count} action{'s' * (count != 1)} of families’ plans still to do"


def hangs(user: User, agency: Agency | None) -> Iterator[str]:
    """Actions have no agency: they hang on whoever is to do them, not on one of their places."""
    if agency:
        return
    with acting_as_system("what hangs on someone's place, as numbers"):
        todo = Action.objects.filter(user=user, outcome__plan__episode__ended_at=None).exclude(
            status__in=Action.SETTLED
        )
        count = todo.count()
    if count:
        yield f"{count} action{'s' * (count != 1)} of families’ plans still to do"
