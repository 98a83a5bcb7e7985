"""Who may be told of a family at all."""

from collections.abc import Iterable

from earlyhelp.access.identity import acting_as_system
from earlyhelp.access.models import Grant
from earlyhelp.accounts.models import User


def who_may_know(family_id: int | None, users: Iterable[User]) -> list[User]:
    """Those of `users` who may know of a family: nobody who is connected to it, or whom it excludes, is told of it. What
    is of no family is for all of them."""
    users = list(users)
    if family_id is None:
        return users
    with acting_as_system("who may be told of a family"):
        grants = Grant.objects.in_force().filter(family=family_id, user__in=[user.pk for user in users])
        know = set(grants.values_list("user_id", flat=True))
    return [user for user in users if user.pk in know]
