from typing import ClassVar

from django.conf import settings
from django.db import models

from earlyhelp.access.rowsecurity import RowSecurity
from earlyhelp.core import clock


class FamilyRecord(models.Model):
    """The base of every table that holds a family's data. Each declares its `security`; a check sees to it."""

    security: ClassVar[RowSecurity]
    stands_at: ClassVar[str] = ""  # the page of a family where the team reads what somebody wrote in it

    family = models.ForeignKey("families.Family", on_delete=models.CASCADE, related_name="+")
    created_at = models.DateTimeField(default=clock.now, editable=False)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, editable=False, related_name="+"
    )

    class Meta:
        abstract = True


class HidesRows(models.Model):
    """What takes rows of other tables out of everyone's sight, and their history: one row for each, by table and id."""

    hides_rows: ClassVar[bool] = True

    table_name = models.CharField(max_length=63)
    row_id = models.BigIntegerField()

    class Meta:
        abstract = True
