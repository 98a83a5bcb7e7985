from django.conf import settings
from django.db import models

from earlyhelp.core import clock


class Version(models.Model):
    """A local procedure as it was loaded, never changed; the one with the highest number is in force."""

    application_may = ("SELECT", "INSERT")

    number = models.PositiveIntegerField(primary_key=True)
    text = models.TextField(max_length=100_000)
    holds_from = models.DateTimeField(default=clock.now)
    loaded_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    why = models.TextField(max_length=2000, blank=True)

    class Meta:
        ordering = ["-number"]

    def __str__(self) -> str:
        return f"version {self.number}"
