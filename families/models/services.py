from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from earlyhelp.access.levels import Level
from earlyhelp.access.models import FamilyRecord
from earlyhelp.access.rowsecurity import RowSecurity
from earlyhelp.core.workflow import Workflow
from earlyhelp.procedures.services import name_of
from families.models.episodes import Episode


class ServiceRequest(FamilyRecord):
    """A service was asked for, beside what the team gives: which, for what needs, why that one, and what it answered (DEV-19,
    WOR-06, ROT-26). Whoever leads stays responsible (ROT-06)."""

    stands_at = "services"
    security = RowSecurity(read=Level.VIEW, write=Level.CONTRIBUTE, people="about")

    class Status(models.TextChoices):
        SENT = "sent", "Sent, no answer yet"
        WAITING = "waiting", "Accepted, on a waiting list"
        ACCEPTED = "accepted", "Accepted"
        DECLINED = "declined", "Declined"
        TAKEN_BACK = "taken_back", "Not wanted any more"

    WORKFLOW = Workflow(
        "request",
        {
            "waiting": (frozenset({Status.SENT}), Status.WAITING),
            "accepted": (frozenset({Status.SENT, Status.WAITING}), Status.ACCEPTED),
            "declined": (frozenset({Status.SENT, Status.WAITING}), Status.DECLINED),
            "taken_back": (frozenset({Status.SENT, Status.WAITING}), Status.TAKEN_BACK),
        },
    )

    episode = models.ForeignKey(Episode, on_delete=models.CASCADE, related_name="+")
    service = models.CharField(max_length=20)
    about = ArrayField(models.BigIntegerField(), default=list, help_text="Whom it is for; empty for the whole family.")
    needs = models.TextField(max_length=4000)
    why = models.TextField(max_length=2000)
    agreed_by = models.CharField(max_length=200)
    agreed_on = models.DateField()
    sent_on = models.DateField()
    sent_how = models.CharField(max_length=200)
    sent_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    status = models.CharField(max_length=10, choices=Status, default=Status.SENT)
    answer = models.TextField(max_length=2000, blank=True)
    answered_by = models.CharField(max_length=200, blank=True)
    answered_on = models.DateField(null=True)
    answer_recorded_at = models.DateTimeField(null=True)
    answer_recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )

    class Meta:
        ordering = ["-sent_on", "-pk"]
        constraints = [
            models.CheckConstraint(condition=~Q(why=""), name="service_asked_with_why"),
            models.CheckConstraint(
                condition=~Q(status__in=["declined", "taken_back"], answer=""), name="service_declined_with_reason"
            ),
        ]

    def __str__(self) -> str:
        return f"request for service {self.pk}"

    @property
    def service_name(self) -> str:
        """The service, as the local procedure calls it, or called it when it had it."""
        return name_of("services.offered", self.service)

    @property
    def is_open(self) -> bool:
        return self.status in (self.Status.SENT, self.Status.WAITING)
