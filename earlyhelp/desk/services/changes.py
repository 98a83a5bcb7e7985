"""Who changed what at the desk, with before and after."""

from collections.abc import Mapping
from typing import Any

from django.db.models import Model, QuerySet

from earlyhelp.accounts.models import User
from earlyhelp.desk.models import DeskChange


def name_of(row: Model) -> str:
    return f"{row._meta.label_lower}:{row.pk}"


def record(
    row: Model,
    words: str,
    *,
    actor: User | None,
    before: Mapping[str, Any] | None = None,
    after: Mapping[str, Any] | None = None,
    why: str = "",
) -> DeskChange:
    """Keep that something was changed."""
    said = {"before": dict(before or {}), "after": dict(after or {})}
    return DeskChange.objects.create(thing=name_of(row), words=words[:300], by=actor, why=why, **said)


def change(row: Model, words: str, values: Mapping[str, Any], *, actor: User | None, why: str = "") -> bool:
    """Write values into a row and keep what they were; whether anything was new."""
    new = {name: value for name, value in values.items() if getattr(row, name) != value}
    if not new:
        return False
    before = {name: _plain(getattr(row, name)) for name in new}
    for name, value in new.items():
        setattr(row, name, value)
    row.save(update_fields=list(new))
    record(row, words, actor=actor, before=before, after={name: _plain(value) for name, value in new.items()}, why=why)
    return True


def of(row: Model) -> QuerySet[DeskChange]:
    """What was changed of a row, the latest first."""
    return DeskChange.objects.filter(thing=name_of(row)).select_related("by")


def _plain(value: Any) -> Any:
    return value if isinstance(value, str | int | bool | None) else str(value)
