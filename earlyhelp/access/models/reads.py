from django.conf import settings
from django.db import models

from earlyhelp.access.rowsecurity import ANYONE, Policies
from earlyhelp.core import clock
from earlyhelp.core.ids import ordered_id


class ReadLog(models.Model):
    """Who opened, printed, downloaded or was refused what, when by true time. Rows are added, and never changed."""

    security = Policies(insert=ANYONE)
    application_may = ("SELECT", "INSERT")

    id = models.UUIDField(primary_key=True, default=ordered_id, editable=False)
    at = models.DateTimeField(default=clock.true_now)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    family_id = models.BigIntegerField(null=True, db_index=True)
    reference = models.CharField(max_length=20, blank=True)
    what = models.CharField(max_length=80)
    row_id = models.BigIntegerField(null=True)
    refused = models.BooleanField(default=False)

    class Meta:
        db_table = "access_read_log"

    def __str__(self) -> str:
        return f"{self.what} {self.reference}"
