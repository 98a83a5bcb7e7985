"""The read log: what isn't logged isn't shown."""

from collections.abc import Iterable

from earlyhelp.access import identity
from earlyhelp.access.models import ReadLog


def log_reads(*, what: str, families: Iterable[tuple[int, str]]) -> None:
    """Add a row for each of a list's families, (id, reference), at once."""
    me = identity.current().user_id
    ReadLog.objects.bulk_create(
        [ReadLog(user_id=me, family_id=pk, reference=reference, what=what) for pk, reference in families]
    )


def log_read(
    *, what: str, family_id: int | None = None, reference: str = "", refused: bool = False, row_id: int | None = None
) -> None:
    """Add a row for whoever is asking, in the transaction that shows them the record. `row_id` is the one thing of the
    family's that was opened, when the address names one."""
    ReadLog.objects.create(
        user_id=identity.current().user_id,
        family_id=family_id,
        reference=reference,
        what=what[:80],
        refused=refused,
        row_id=row_id,
    )
