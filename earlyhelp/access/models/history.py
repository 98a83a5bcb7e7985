from django.contrib.postgres.fields import ArrayField
from django.db import models

from earlyhelp.access.levels import Level
from earlyhelp.access.rowsecurity import Policies, granted, not_hidden


class HistorySecurity(Policies):
    """Read as the rows are read; added by triggers alone; removed by nobody whose role doesn't own the table."""

    def expressions(self, table: str) -> dict[str, str]:
        known = granted(Level.BASIC, family=f"{table}.family_id")
        in_sight = not_hidden(f"{table}.table_name", f"{table}.row_id")
        read = f"({known} AND {in_sight} AND access_may_read_change({table}.id))"
        return super().expressions(table) | {"select": read, "insert": "pg_trigger_depth() > 0"}


class ChangeQuerySet(models.QuerySet["Change"]):
    def in_table(self, model: type[models.Model]) -> "ChangeQuerySet":
        return self.filter(table_name=model._meta.db_table).order_by("pk")

    def of(self, row: models.Model) -> "ChangeQuerySet":
        """What happened to one row, in order."""
        return self.in_table(type(row)).filter(row_id=row.pk)


class Change(models.Model):
    """What happened to one row of a family's record, when, through whom and why. Written by a trigger on every table,
    from what its model declares; added to, and never changed. Nothing here is a foreign key: it outlives what it is about.

    Whoever may read the row reads its changes, by the stricter of how it was then and how it is now; of a row that is
    gone, how it was last. So `people` and `readers` hold everyone named before or after, and the fewest who could read.
    `before` has the columns that changed, as they were, or the whole row that was removed; `after`, the whole row.
    """

    security = HistorySecurity()
    application_may = ("SELECT",)

    class Kind(models.TextChoices):
        INSERT = "insert", "Added"
        UPDATE = "update", "Changed"
        DELETE = "delete", "Removed"
        ERASE = "erase", "History erased"

    kind = models.CharField(max_length=6, choices=Kind)
    table_name = models.CharField(max_length=63)
    row_id = models.BigIntegerField()
    at = models.DateTimeField()
    user_id = models.BigIntegerField(null=True)
    system = models.CharField(max_length=200, blank=True, help_text="Why it was done as the system, when it was.")
    family_id = models.BigIntegerField()
    family_before = models.BigIntegerField(null=True, help_text="When the row was moved to another family.")
    level = models.SmallIntegerField(choices=[(level.value, level.name.lower()) for level in Level])
    people = ArrayField(models.BigIntegerField(), default=list)
    readers = ArrayField(models.BigIntegerField(), null=True)
    agencies = ArrayField(models.BigIntegerField(), default=list)
    before = models.JSONField(null=True)
    after = models.JSONField(null=True)

    objects = ChangeQuerySet.as_manager()

    class Meta:
        db_table = "access_history"
        indexes = [
            models.Index(fields=["table_name", "row_id", "-id"], name="history_of_row"),
            models.Index(fields=["family_id", "-id"], name="history_of_family"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.table_name} {self.row_id}"
