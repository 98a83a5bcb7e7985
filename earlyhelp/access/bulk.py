"""Many families written at once: by an import, or a demonstration."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection, transaction
from django.db.backends.utils import CursorWrapper

from earlyhelp.access.identity import acting_as_system

# Of what waits, the functions that only write what is read: after those whose own rows others follow
LAST = ("access_", "caseload_")


@contextmanager
def in_bulk() -> Iterator[None]:
    """What follows from the rows that are written within (grants, lines in lists) is written once, at its end, in the same
    transaction: until then nobody sees by them what they could not see before. Everyone else's changes wait."""
    with transaction.atomic(), acting_as_system("write much at once"), connection.cursor() as cursor:
        cursor.execute("SELECT access_hold_all()")
        cursor.execute("CREATE TEMPORARY TABLE access_in_bulk (function text, id bigint) ON COMMIT DROP")
        cursor.execute("SELECT set_config('earlyhelp.in_bulk', 'yes', true)")
        yield
        _follow(cursor)
        cursor.execute("SELECT set_config('earlyhelp.in_bulk', '', true)")
        cursor.execute("DROP TABLE access_in_bulk")


def _follow(cursor: CursorWrapper) -> None:
    """Each function once, with all its keys."""
    while True:
        cursor.execute("SELECT DISTINCT function FROM access_in_bulk ORDER BY function")
        waiting = [function for (function,) in cursor.fetchall()]
        if not waiting:
            return
        function = next((one for one in waiting if not one.startswith(LAST)), waiting[0])
        cursor.execute(
            "WITH taken AS (DELETE FROM access_in_bulk WHERE function = %s RETURNING id)"
            " SELECT ARRAY(SELECT DISTINCT id FROM taken)",
            [function],
        )
        (ids,) = cursor.fetchone()
        cursor.execute(f"SELECT {function}(%s::bigint[])", [ids])
