from django.db import models

from earlyhelp.access.levels import Level
from earlyhelp.access.models import FamilyRecord
from earlyhelp.access.rowsecurity import RowSecurity
from earlyhelp.core.versions import Versioned
from families.models import Person
from plans.models.plans import Plan


class Outcome(Versioned, FamilyRecord):
    """What will be better, for whom, and how we will know (PS-8). `version` tells whether someone changed it since."""

    stands_at = "plan"
    security = RowSecurity(read=Level.VIEW, write=Level.CONTRIBUTE, person=("person_id",))

    plan = models.ForeignKey(Plan, on_delete=models.CASCADE, related_name="outcomes")
    person = models.ForeignKey(Person, on_delete=models.CASCADE, null=True, blank=True, related_name="+")
    need = models.TextField(max_length=1000)
    outcome = models.TextField(max_length=1000)
    how_we_know = models.TextField(max_length=1000)
    position = models.PositiveSmallIntegerField()

    class Meta:
        ordering = ["position", "pk"]

    def __str__(self) -> str:
        return f"outcome {self.pk}"
