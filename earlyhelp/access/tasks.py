from typing import Any

from celery import Task

from earlyhelp.access.identity import NOBODY, _assume


class IdentityTask(Task):  # type: ignore[misc]
    """Every job starts as nobody, whoever queued it, and says itself whom it acts for."""

    abstract = True

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        with _assume(NOBODY):
            return super().__call__(*args, **kwargs)
