from typing import Any

from celery import Task
from django.conf import settings

from earlyhelp.access.identity import NOBODY, _assume
from earlyhelp.core.models import TaskRun

BY_ITSELF = {entry["task"] for entry in settings.CELERY_BEAT_SCHEDULE.values()}


class IdentityTask(Task):  # type: ignore[misc]
    """Every job starts as nobody, whoever queued it, and says itself whom it acts for. When one that runs by itself has run
    through, that is kept."""

    abstract = True

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        with _assume(NOBODY):
            done = super().__call__(*args, **kwargs)
            if self.name in BY_ITSELF:
                TaskRun.record(self.name)
            return done
