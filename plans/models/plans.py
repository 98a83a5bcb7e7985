from django.db import models
from django.db.models import Q

from earlyhelp.access.levels import Level
from earlyhelp.access.models import FamilyRecord
from earlyhelp.access.rowsecurity import RowSecurity
from families.models import Episode


class Plan(FamilyRecord):
    """What is to get better in one episode, and who does what by when; an assessment isn't needed for it (MED-04).

    `arrangements` are those for the next review: where, childcare, an interpreter (PS-7).
    """

    stands_at = "plan"
    security = RowSecurity(read=Level.VIEW, write=Level.CONTRIBUTE)

    class Status(models.TextChoices):
        DRAFT = "draft", "Draft"
        AGREED = "agreed", "Agreed"
        ENDED = "ended", "Ended"

    episode = models.OneToOneField(Episode, on_delete=models.CASCADE, related_name="plan")
    status = models.CharField(max_length=10, choices=Status, default=Status.DRAFT)
    agreed_on = models.DateField(null=True, blank=True)
    agreed_recorded_at = models.DateTimeField(null=True, editable=False)
    next_review_on = models.DateField(null=True, blank=True)
    paused_on = models.DateField(null=True, help_text="Since when it rests, while social care leads.")
    early_reason = models.TextField(max_length=1000, blank=True)
    procedure = models.ForeignKey(
        "procedures.Version",
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        help_text="The local procedure when early help ended, whose words its print keeps.",
    )
    arrangements = models.TextField(max_length=1000, blank=True)

    class Meta:
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(status="draft", agreed_on=None) | Q(~Q(status="draft"), agreed_on__isnull=False),
                name="plan_agreed_on_a_day",
            ),
            models.CheckConstraint(
                condition=~Q(status="agreed") | Q(next_review_on__isnull=False), name="agreed_plan_has_review_date"
            ),
        ]

    def __str__(self) -> str:
        return f"plan {self.pk}"
