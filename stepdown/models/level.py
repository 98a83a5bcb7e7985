from django.conf import settings
from django.db import models
from django.db.models import Q

from earlyhelp.access.levels import Level
from earlyhelp.access.models import FamilyRecord
from earlyhelp.access.rowsecurity import RowSecurity
from earlyhelp.core import clock
from families.models import Episode
from families.models.episodes import HelpLevel, level_words


class LevelChange(FamilyRecord):
    """The level of help changed, or who oversees it: when, why, who decided, and when the overseer countersigned (R1, R2). The
    record, the plan and what the family has told stay."""

    stands_at = "level_of_help"
    security = RowSecurity(read=Level.VIEW, write=Level.LEAD)

    episode = models.ForeignKey(Episode, on_delete=models.CASCADE, related_name="+")
    level = models.CharField(max_length=15, choices=HelpLevel)
    on = models.DateField()
    reason = models.TextField(max_length=2000)
    overseer = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    decided_at = models.DateTimeField(default=clock.now)
    countersigned_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["decided_at", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(level="child_in_need") | Q(countersigned_at__isnull=False), name="lower_level_countersigned"
            ),
        ]

    def __str__(self) -> str:
        return f"level change {self.pk}"

    @property
    def words(self) -> str:
        return level_words(self.level)
