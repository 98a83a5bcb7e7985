from collections.abc import Iterable

from django.db import connection

from earlyhelp.access.identity import acting_as_system


def hold(*families: int) -> None:
    """Hold families for this transaction, before anything of theirs is locked: so two changes follow one another, and neither
    waits for the other with what the other needs."""
    hold_all(families)


def hold_all(families: Iterable[int]) -> None:
    with acting_as_system("hold a family for a change"), connection.cursor() as cursor:
        cursor.execute("SELECT access_hold_families(%s::bigint[])", [sorted(set(families))])
