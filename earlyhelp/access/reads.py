"""The read log: what isn't logged isn't shown."""

from collections.abc import Iterable

from django.db import connection

from earlyhelp.access import identity
from earlyhelp.core import clock
from earlyhelp.core.ids import ordered_id

ADD = """
    INSERT INTO access_read_log (id, at, user_id, family_id, reference, what, row_id, refused)
    SELECT id, %s, %s, family_id, reference, %s, %s, %s
    FROM unnest(%s::uuid[], %s::bigint[], %s::varchar[]) AS opened (id, family_id, reference)
"""


def log_reads(
    *, what: str, families: Iterable[tuple[int | None, str]], row_id: int | None = None, refused: bool = False
) -> None:
    """Add a row for each of a list's families, (id, reference), at once, in the transaction that shows them."""
    if opened := list(families):
        family_ids, references = map(list, zip(*opened, strict=True))
        ids = [ordered_id() for _ in opened]
        me = identity.current().user_id
        with connection.cursor() as cursor:
            cursor.execute(ADD, [clock.true_now(), me, what[:80], row_id, refused, ids, family_ids, references])


def log_read(
    *, what: str, family_id: int | None = None, reference: str = "", refused: bool = False, row_id: int | None = None
) -> None:
    """Add a row for whoever is asking, in the transaction that shows them the record. `row_id` is the one thing of the
    family's that was opened, when the address names one."""
    log_reads(what=what, families=[(family_id, reference)], row_id=row_id, refused=refused)
