"""Who may be told of a family at all."""

from collections.abc import Iterable

from django.db import connection

from earlyhelp.access.identity import acting_as_system
from earlyhelp.accounts.models import User
from earlyhelp.core import clock


def who_may_know(family_id: int | None, users: Iterable[User]) -> list[User]:
    """Those of `users` who may know of a family: nobody who is connected to it, or whom it excludes, is told of it. What
    is of no family is for all of them."""
    users = list(users)
    if family_id is None:
        return users
    know = may_know((family_id, user.pk) for user in users)
    return [user for user in users if (family_id, user.pk) in know]


def may_know(pairs: Iterable[tuple[int, int]]) -> set[tuple[int, int]]:
    """Of pairs of a family and a user, by their ids, those of who may know of it: one question for all."""
    if not (asked := sorted(set(pairs))):
        return set()
    with acting_as_system("who may be told of a family"), connection.cursor() as cursor:
        cursor.execute(
            "SELECT DISTINCT g.family_id, g.user_id FROM unnest(%s::bigint[], %s::bigint[]) AS p (family_id, user_id)"
            " JOIN access_grant g USING (family_id, user_id) WHERE g.until IS NULL OR g.until > %s",
            [[family for family, _ in asked], [user for _, user in asked], clock.now()],
        )
        return set(cursor.fetchall())
