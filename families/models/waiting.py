from django.conf import settings
from django.db import models

from earlyhelp.access.levels import Level
from earlyhelp.access.models import FamilyRecord
from earlyhelp.access.rowsecurity import RowSecurity
from families.models.people import Person


class WaitingChange(FamilyRecord):
    """A change of what decisions rest on, by someone who doesn't lead: it waits for whoever does. `fields` are a person's;
    with `to_person`, it is whether `person` has parental responsibility for them."""

    stands_at = "people"
    security = RowSecurity(read=Level.VIEW, write=Level.CONTRIBUTE, person=("person_id", "to_person_id"))

    class Status(models.TextChoices):
        WAITING = "waiting", "Waits for the lead"
        MADE = "made", "Made"
        NOT_MADE = "not_made", "Not made"

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="+")
    to_person = models.ForeignKey(Person, on_delete=models.CASCADE, null=True, related_name="+")
    fields = models.JSONField(default=dict)
    words = models.CharField(max_length=300)
    status = models.CharField(max_length=10, choices=Status, default=Status.WAITING)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-pk"]

    def __str__(self) -> str:
        return f"waiting change {self.pk}"
