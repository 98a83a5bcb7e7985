from collections.abc import Mapping
from typing import Any

from django.db import models
from django.db.models import F

from earlyhelp.core.errors import Refused, Stale

CHANGED = "Someone else changed this after you opened it. Check both, and save again."
WITHHELD = "This can’t be saved: the person it is about doesn’t share that much with your agency."


class Versioned(models.Model):
    """A row that two people can change: whoever saves second finds out, and overwrites nothing."""

    version = models.PositiveIntegerField(default=0)

    class Meta:
        abstract = True

    def save_version(self, version: int, said: Mapping[str, Any], **stamp: Any) -> bool:
        """Write what is `said` on top of `version`, with a `stamp` of who and when; whether anything was written: the same
        said again is saved once.

        Raises Stale when someone said something else in between, and Refused where the asker may not write the row.
        """
        rows = type(self)._default_manager.filter(pk=self.pk)
        if rows.filter(version=version).update(**said, **stamp, version=F("version") + 1):
            return True
        now = rows.first()
        if now is None or now.version == version:
            raise Refused(WITHHELD)
        if any(getattr(now, name) != value for name, value in said.items()):
            raise Stale(CHANGED)
        return False
