from django.conf import settings
from django.db import models
from django.db.models import Q

from earlyhelp.access.levels import Level
from earlyhelp.access.models import FamilyRecord
from earlyhelp.access.rowsecurity import RowSecurity
from families.models import Episode


class Assessment(FamilyRecord):
    """The whole-family assessment of one episode: started, written by several agencies, finalised by the lead (PS-2).

    Whoever may add to the record may lock the row, so that nobody writes while it is being finalised.
    """

    security = RowSecurity(read=Level.VIEW, write=Level.CONTRIBUTE)

    class Status(models.TextChoices):
        OPEN = "open", "In progress"
        FINALISED = "finalised", "Finalised"

    episode = models.ForeignKey(Episode, on_delete=models.CASCADE, related_name="assessments")
    procedure = models.ForeignKey("procedures.Version", on_delete=models.PROTECT, null=True, related_name="+")
    started_at = models.DateTimeField()
    started_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    status = models.CharField(max_length=10, choices=Status, default=Status.OPEN)
    finalised_at = models.DateTimeField(null=True)
    finalised_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering = ["-started_at", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["episode"], condition=Q(status="open"), name="one_open_assessment"),
            models.CheckConstraint(
                condition=Q(status="open", finalised_at=None, finalised_by=None)
                | Q(status="finalised", finalised_at__isnull=False, finalised_by__isnull=False),
                name="assessment_finalised_by_someone",
            ),
        ]

    def __str__(self) -> str:
        return f"assessment {self.pk}"

    @property
    def is_open(self) -> bool:
        return self.status == self.Status.OPEN
