from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q

from earlyhelp.accounts.models.agencies import Agency, Locality, Role
from earlyhelp.core import clock


class WorksForManager(models.Manager["WorksFor"]):
    def get_queryset(self) -> models.QuerySet["WorksFor"]:
        return super().get_queryset().filter(Q(until=None) | Q(until__gt=clock.now()))


class WorksFor(models.Model):
    """Who works where now, while their account and the agency are open, and what of a family they may be given there: to
    lead it, or a place on its team. Read from the rule's own view, which alone says which roles those are."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.DO_NOTHING, related_name="works_for")
    agency = models.ForeignKey(Agency, on_delete=models.DO_NOTHING, related_name="works_here")
    role = models.CharField(max_length=20, choices=Role)
    locality = models.ForeignKey(Locality, on_delete=models.DO_NOTHING, null=True, related_name="+")
    hours_to_lead = models.PositiveSmallIntegerField(null=True)
    until = models.DateTimeField(null=True)
    may_lead = models.BooleanField()
    may_join = models.BooleanField()

    objects: ClassVar[WorksForManager] = WorksForManager()

    class Meta:
        managed = False
        db_table = "access_works_for"
        ordering = ["user", "agency", "role"]

    def __str__(self) -> str:
        return f"{self.user_id} works for {self.agency_id}"
