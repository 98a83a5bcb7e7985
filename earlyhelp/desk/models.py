from django.conf import settings
from django.db import models

from earlyhelp.core import clock


class DeskChange(models.Model):
    """What someone changed at the desk: when, what it was before and is after, and why where it took something from someone.
    Rows are added and never changed. `thing` names what it is of: "accounts.agency:4"."""

    application_may = ("SELECT", "INSERT")

    at = models.DateTimeField(default=clock.true_now)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    thing = models.CharField(max_length=60)
    words = models.CharField(max_length=300)
    before = models.JSONField(default=dict)
    after = models.JSONField(default=dict)
    why = models.TextField(max_length=2000, blank=True)

    class Meta:
        ordering = ["-pk"]
        indexes = [models.Index(fields=["thing", "-id"], name="desk_change_of")]

    def __str__(self) -> str:
        return f"change {self.pk} of {self.thing}"
