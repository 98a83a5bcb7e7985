from datetime import datetime
from typing import Literal

from django.conf import settings
from django.db import models
from django.db.models import Q

from earlyhelp.access.levels import Level
from earlyhelp.access.models import FamilyRecord
from earlyhelp.access.rowsecurity import Policies, RowSecurity, granted, triages
from earlyhelp.accounts.models import Agency, Locality, TimescaleRule
from earlyhelp.core import clock

READ = granted(Level.BASIC, family="timescales_timescale.family_id")
WRITE = granted(Level.CONTRIBUTE, family="timescales_timescale.family_id")
BEFORE_FAMILY = f"(timescales_timescale.family_id IS NULL AND {triages('timescales_timescale.locality_id')})"


class Timescale(models.Model):
    """A clock: its anchor and its rule, from which what is due follows. Holds a reference, and nothing of a family.

    `first_due_at` never changes; `due_at` is later once an extension was approved. `key` names what it times, once.
    """

    security = Policies(select=f"({READ} OR {BEFORE_FAMILY})", insert=WRITE, update=f"({WRITE} OR {BEFORE_FAMILY})")

    family = models.ForeignKey("families.Family", on_delete=models.CASCADE, null=True, related_name="timescales")
    locality = models.ForeignKey(Locality, on_delete=models.PROTECT, related_name="+")
    reference = models.CharField(max_length=20)
    key = models.CharField(max_length=80, unique=True)
    kind = models.CharField(max_length=30, choices=TimescaleRule.Kind)
    anchor = models.CharField(max_length=80)
    anchor_at = models.DateTimeField()
    amount = models.PositiveSmallIntegerField()
    unit = models.CharField(max_length=20)
    first_due_at = models.DateTimeField()
    due_at = models.DateTimeField()
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    owner_agency = models.ForeignKey(Agency, on_delete=models.PROTECT, null=True, related_name="+")
    met_at = models.DateTimeField(null=True)
    stopped_at = models.DateTimeField(null=True)
    stopped_because = models.CharField(max_length=80, blank=True)
    look_at = models.DateTimeField(null=True)
    link = models.CharField(max_length=200)

    class Meta:
        ordering = ["due_at", "pk"]
        indexes = [
            models.Index(fields=["look_at"], condition=Q(look_at__isnull=False), name="timescale_to_look_at"),
            models.Index(fields=["owner", "due_at"], name="timescale_of_owner"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.reference}"

    def get_absolute_url(self) -> str:
        return self.link

    @property
    def state(self) -> Literal["met", "met late", "stopped", "overdue", "due soon", "running"]:
        now = clock.now()
        if self.met_at:
            return "met late" if self.met_at > self.due_at else "met"
        if self.stopped_at:
            return "stopped"
        if now > self.due_at:
            return "overdue"
        return "due soon" if now >= remind_at(self) else "running"

    @property
    def is_open(self) -> bool:
        return self.met_at is None and self.stopped_at is None

    @property
    def unit_words(self) -> str:
        return self.unit.replace("_", " ")

    @property
    def extended(self) -> bool:
        return self.due_at != self.first_due_at


def remind_at(timescale: Timescale) -> datetime:
    """When to remind the owner: when two thirds of the time from the anchor are gone."""
    return timescale.anchor_at + (timescale.due_at - timescale.anchor_at) * 2 / 3


class TimescaleEvent(models.Model):
    """What a sweep found of one clock, once for each kind; delivered by a second task."""

    security = Policies()

    class Kind(models.TextChoices):
        DUE_SOON = "due_soon", "Due soon"
        OVERDUE = "overdue", "Overdue"
        MANAGER = "manager", "Told the owner’s manager"
        LOCALITY = "locality", "Told the locality officer"
        SERVICE = "service", "Told the service manager"

    timescale = models.ForeignKey(Timescale, on_delete=models.CASCADE, related_name="events")
    kind = models.CharField(max_length=12, choices=Kind)
    due_at = models.DateTimeField()
    at = models.DateTimeField()
    delivered_at = models.DateTimeField(null=True, db_index=True)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["timescale", "kind", "due_at"], name="timescale_event_once"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.timescale_id}"


class Extension(FamilyRecord):
    """More time asked for, and a manager's answer: neither the asker's nor the owner's own (PS-2)."""

    security = RowSecurity(read=Level.VIEW, write=Level.CONTRIBUTE)

    class Status(models.TextChoices):
        ASKED = "asked", "Waiting for a manager"
        APPROVED = "approved", "Approved"
        DECLINED = "declined", "Declined"

    timescale = models.ForeignKey(Timescale, on_delete=models.CASCADE, related_name="extensions")
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    reason = models.TextField(max_length=2000)
    due_before = models.DateTimeField()
    due_asked = models.DateTimeField()
    status = models.CharField(max_length=10, choices=Status, default=Status.ASKED)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)
    decision_reason = models.TextField(max_length=2000, blank=True)

    class Meta:
        ordering = ["-asked_at", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["timescale"], condition=Q(status="asked"), name="one_extension_waiting"),
            models.CheckConstraint(
                condition=Q(status="asked") | (Q(decided_by__isnull=False) & ~Q(decided_by=models.F("asked_by"))),
                name="extension_decided_by_another",
            ),
            models.CheckConstraint(condition=~Q(status="declined", decision_reason=""), name="extension_declined_why"),
        ]

    def __str__(self) -> str:
        return f"extension {self.pk}"
