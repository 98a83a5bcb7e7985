from django.db import models

from earlyhelp.access.levels import Level
from earlyhelp.access.models import FamilyRecord
from earlyhelp.access.rowsecurity import RowSecurity
from families.models import Person


class GoesOn(FamilyRecord):
    """Who goes on with someone whom whoever runs the support doesn't know of. Rows are added; the latest of a person
    counts. Read by those who may know of the person: never by whom they are hidden from."""

    stands_at = "sharing"
    security = RowSecurity(read=Level.BASIC, write=Level.BASIC, person=("person_id",))

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="+")
    who = models.CharField(max_length=200)
    how = models.TextField(max_length=2000)

    class Meta:
        ordering = ["-pk"]
        verbose_name_plural = "people who go on with someone"

    def __str__(self) -> str:
        return f"goes on with {self.person_id}"
