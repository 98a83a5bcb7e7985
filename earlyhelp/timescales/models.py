from datetime import datetime
from fractions import Fraction
from typing import Literal

from django.conf import settings
from django.db import models
from django.db.models import Q

from earlyhelp.access.levels import Level
from earlyhelp.access.models import FamilyRecord
from earlyhelp.access.rowsecurity import ME, Policies, RowSecurity, granted, triages
from earlyhelp.accounts.models import Agency, Locality
from earlyhelp.core import clock
from earlyhelp.core.dates import length_words
from earlyhelp.procedures.services import procedure_in_force
from earlyhelp.timescales.clocks import registry

OVERSEES = granted(Level.MANAGE, family="timescales_timescale.family_id")
KNOWS = granted(Level.BASIC, family="timescales_timescale.family_id")
THEIRS = f"timescales_timescale.owner_id = {ME}"
READ = f"({KNOWS} AND (NOT timescales_timescale.overseen OR {THEIRS} OR {OVERSEES}))"
WRITE = granted(Level.CONTRIBUTE, family="timescales_timescale.family_id")
BEFORE_FAMILY = (
    f"(timescales_timescale.family_id IS NULL AND (timescales_timescale.owner_id = {ME}"
    f" OR {triages('timescales_timescale.locality_id')}))"
)


class Timescale(models.Model):
    """A clock: its anchor and its rule, from which what is due follows. Holds a reference, and nothing of a family.

    No extension changes `first_due_at`; `due_at` is later once one was approved. A new procedure changes both while it runs,
    and `procedure` is the version by which it is counted. `key` names what it times, once.
    `not_by` has no part in meeting it: it is what they did that is looked at.
    """

    security = Policies(select=f"({READ} OR {BEFORE_FAMILY})", insert=WRITE, update=f"({WRITE} OR {BEFORE_FAMILY})")

    family = models.ForeignKey("families.Family", on_delete=models.CASCADE, null=True, related_name="timescales")
    locality = models.ForeignKey(Locality, on_delete=models.PROTECT, related_name="+")
    reference = models.CharField(max_length=20)
    key = models.CharField(max_length=80, unique=True)
    kind = models.CharField(
        max_length=30,
    )
    overseen = models.BooleanField(default=False)
    anchor = models.CharField(max_length=80)
    anchor_at = models.DateTimeField()
    amount = models.PositiveSmallIntegerField()
    unit = models.CharField(max_length=20)
    procedure = models.ForeignKey("procedures.Version", on_delete=models.PROTECT, null=True, related_name="+")
    first_due_at = models.DateTimeField()
    due_at = models.DateTimeField()
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    owner_agency = models.ForeignKey(Agency, on_delete=models.PROTECT, null=True, related_name="+")
    not_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    met_at = models.DateTimeField(null=True)
    agreed_after_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        help_text="Who gave more time once it was met.",
    )
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
    def label(self) -> str:
        return registry[self.kind].label

    @property
    def state(self) -> Literal["met", "met late", "stopped", "overdue", "due soon", "running"]:
        now = clock.now()
        if self.met_at:
            return "met late" if self.met_at > self.due_at else "met"
        if self.stopped_at:
            return "stopped"
        if now > self.due_at:
            return "overdue"
        return "due soon" if now >= self.remind_at else "running"

    @property
    def kept(self) -> str:
        """How a clock that was met was kept: on time, or how late against the first date and the agreed one. Agreed
        afterwards, it stays late."""
        if self.met_at is None:
            return ""
        if self.met_at <= self.first_due_at:
            return "on time"
        late = f"{self._how_late(self.first_due_at)} after the first date"
        if self.agreed_after_by:
            return f"{late}, agreed afterwards by {self.agreed_after_by}"
        if self.met_at <= self.due_at:
            return f"{late}, within the agreed date"
        if self.extended:
            return f"{self._how_late(self.due_at)} after the agreed date, {late}"
        return f"{self._how_late(self.due_at)} late"

    def _how_late(self, than: datetime) -> str:
        """From a date to when it was met: of a clock that counts days in days, else in its largest unit."""
        assert self.met_at
        if self.unit == "hours":
            return length_words(self.met_at - than)
        days = (clock.in_london(self.met_at).date() - clock.in_london(than).date()).days
        return f"{days} day{'s' * (days != 1)}"

    @property
    def remind_at(self) -> datetime:
        """When to remind the owner: when so much of the time from the anchor is gone (local procedure)."""
        gone = Fraction(procedure_in_force().telling.remind_after)
        return self.anchor_at + (self.due_at - self.anchor_at) * gone.numerator / gone.denominator

    @property
    def is_open(self) -> bool:
        return self.met_at is None and self.stopped_at is None

    @property
    def unit_words(self) -> str:
        return self.unit.replace("_", " ")

    @property
    def extended(self) -> bool:
        return self.due_at != self.first_due_at


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

    stands_at = "chronology"
    security = RowSecurity(read=Level.VIEW, write=Level.CONTRIBUTE)

    class Status(models.TextChoices):
        ASKED = "asked", "Waiting for a manager"
        APPROVED = "approved", "Approved"
        DECLINED = "declined", "Declined"
        WITHDRAWN = "withdrawn", "Not needed any more: early help ended"

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
                condition=Q(status__in=["asked", "withdrawn"])
                | (Q(decided_by__isnull=False) & ~Q(decided_by=models.F("asked_by"))),
                name="extension_decided_by_another",
            ),
            models.CheckConstraint(condition=~Q(status="declined", decision_reason=""), name="extension_declined_why"),
        ]

    def __str__(self) -> str:
        return f"extension {self.pk}"
