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


def log_read(*, what: str, family_id: int | None = None, reference: str = "", refused: bool = False) -> None:
    """Add a row for whoever is asking, in the transaction that shows them the record."""
    ReadLog.objects.create(
        user_id=identity.current().user_id, family_id=family_id, reference=reference, what=what[:80], refused=refused
    )
