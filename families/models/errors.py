from django.db import models

from earlyhelp.access.models import FamilyRecord, tracked
from earlyhelp.access.rowsecurity import RowSecurity


@tracked
class FiledInError(FamilyRecord):
    """What stands where something was filed in the wrong family: who filed it so, when, and why it is gone. Row security
    keeps the thing itself, and its history, from everyone's sight."""

    table_name = models.CharField(max_length=63)
    row_id = models.BigIntegerField()
    what = models.CharField(max_length=150)
    filed_at = models.DateTimeField()
    reason = models.TextField(max_length=1000)

    class Meta:
        ordering = ["-created_at", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["table_name", "row_id"], name="filed_in_error_once"),
            RowSecurity(name="filed_in_error", read="view", write="lead"),
        ]

    def __str__(self) -> str:
        return f"filed in error: {self.table_name} {self.row_id}"
