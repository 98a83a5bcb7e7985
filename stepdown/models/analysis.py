from django.contrib.postgres.fields import ArrayField
from django.db import models

from assessments.models import Contribution
from earlyhelp.access.levels import Level
from earlyhelp.access.models import FamilyRecord
from earlyhelp.access.rowsecurity import RowSecurity
from families.models import Document
from stepdown.models.stepdown import WORKERS, StepDown


class Analysis(FamilyRecord):
    """What social care wrote of the family, brought over word for word: who wrote it and when, its passages, and the file that
    they came in; or why that can't be read (DEV-17, ROT-13). The whole is for whoever leads; others read what was chosen into
    the assessment."""

    stands_at = "step_down_of"
    security = RowSecurity(
        read=Level.LEAD,
        write=Level.MANAGE,
        people="about",
        errors=True,
        also=f"({WORKERS.format(table='stepdown_analysis')})",
    )

    step_down = models.ForeignKey(StepDown, on_delete=models.CASCADE, related_name="analyses")
    title = models.CharField(max_length=150)
    about = ArrayField(
        models.BigIntegerField(), default=list, db_default=[], help_text="Whom of the family it is about."
    )
    author = models.CharField(max_length=200)
    written_on = models.DateField()
    passages = ArrayField(models.TextField(), default=list)
    unreadable = models.CharField(max_length=200, blank=True)
    document = models.ForeignKey(Document, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering = ["pk"]
        verbose_name_plural = "analyses"

    def __str__(self) -> str:
        return f"analysis {self.pk}"


class Placing(FamilyRecord):
    """Which passages of an analysis stand where in the assessment. `passages` are their places in the analysis, from 0."""

    stands_at = "step_down_of"
    security = RowSecurity(
        read=Level.LEAD,
        write=Level.MANAGE,
        people="about",
        errors=True,
        also=f"({WORKERS.format(table='stepdown_placing')})",
    )

    step_down = models.ForeignKey(StepDown, on_delete=models.CASCADE, related_name="+")
    about = ArrayField(models.BigIntegerField(), default=list, db_default=[], help_text="As the analysis.")
    analysis = models.ForeignKey(Analysis, on_delete=models.CASCADE, related_name="placings")
    contribution = models.ForeignKey(Contribution, on_delete=models.CASCADE, related_name="+")
    passages = ArrayField(models.PositiveIntegerField())

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"placing {self.pk}"
