from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models

from earlyhelp.access.levels import Level
from earlyhelp.access.models import FamilyRecord, HidesRows
from earlyhelp.access.rowsecurity import RowSecurity
from earlyhelp.access.triggers import Refresh
from earlyhelp.core.clock import in_london
from earlyhelp.govuk.components import when_text


class FiledInError(HidesRows, FamilyRecord):
    """What stands where something was filed in the wrong family: who filed it so, when, and why it is gone. Row security
    keeps the thing itself, and its history, from everyone's sight. Whoever couldn't read a note can't read this of it.
    `what` and the page where it stood name nobody of either family; the reason may, and is for the service manager. A
    person who was added by mistake is withheld from everyone, and so is all that is about them."""

    security = RowSecurity(
        read=Level.VIEW, write=Level.LEAD, people="about", narrowed="readers", agency="reader_agency_id"
    )
    refreshes = Refresh("access_refresh_families", key="family_id", watch=("table_name", "row_id"))

    what = models.CharField(max_length=150)
    filed_at = models.DateTimeField()
    filed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    reason = models.TextField(max_length=1000)
    about = ArrayField(models.BigIntegerField(), default=list, db_default=[])
    rewritten = models.JSONField(
        db_default=[], default=list, help_text="Of a person: whom other rows were about before, to be put back."
    )
    readers = ArrayField(models.BigIntegerField(), null=True)
    reader_agency = models.ForeignKey("accounts.Agency", on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering = ["-created_at", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["table_name", "row_id"], name="filed_in_error_once"),
        ]

    @classmethod
    def of(cls, *kinds: type[models.Model]) -> models.QuerySet["FiledInError"]:
        """Those that stood among some kinds of thing."""
        rows = cls._default_manager.filter(table_name__in=[kind._meta.db_table for kind in kinds])
        return rows.select_related("filed_by", "created_by")

    @property
    def why(self) -> str:
        return "added by mistake" if self.table_name == "families_person" else "wrong family"

    @property
    def words(self) -> str:
        """The sentence that stands in its place."""
        filed = f"A {self.what} was filed here in error by {self.filed_by}."
        day = when_text(in_london(self.created_at).date())
        return f"{filed} Removed on {day} by {self.created_by}: {self.why}."

    def __str__(self) -> str:
        return f"filed in error: {self.table_name} {self.row_id}"
