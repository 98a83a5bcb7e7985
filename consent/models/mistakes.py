from typing import Any

from django.db import models

from earlyhelp.access.levels import Level
from earlyhelp.access.models import FamilyRecord
from earlyhelp.access.rowsecurity import RowSecurity
from families.models import Person


class Mistake(FamilyRecord):
    """That something which somebody is said to have decided was recorded by mistake: by whom, when and why. What was
    recorded stays, to be read in history, and counts for nothing. `whole_person`: they were never part of this family."""

    stands_at = "sharing"
    security = RowSecurity(read=Level.VIEW, write=Level.LEAD, delete=Level.LEAD, person=("person_id",))

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="+")
    reason = models.TextField(max_length=1000)
    whole_person = models.BooleanField(default=False, db_default=False)

    class Meta:
        ordering = ["-pk"]

    def __str__(self) -> str:
        return f"mistake {self.pk}"


class Counting(models.Manager[Any]):
    def get_queryset(self) -> models.QuerySet[Any]:
        return super().get_queryset().filter(mistake=None)


class Said(FamilyRecord):
    """The base of what somebody decided, or was judged: rows are added, and what was recorded `together` is taken back
    together. `objects` are those that count; `ever`, also what was recorded by mistake."""

    together = models.UUIDField(null=True, editable=False)
    mistake = models.ForeignKey(Mistake, on_delete=models.SET_NULL, null=True, editable=False, related_name="+")

    objects = Counting()
    ever = models.Manager[Any]()

    class Meta:
        abstract = True
