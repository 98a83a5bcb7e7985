from django.conf import settings
from django.db import models
from django.db.models import Q

from earlyhelp.access.levels import Level
from earlyhelp.access.models import FamilyRecord
from earlyhelp.access.rowsecurity import RowSecurity
from earlyhelp.core import clock
from earlyhelp.core.versions import Versioned
from families.models import Person
from plans.models.outcomes import Outcome


class Action(Versioned, FamilyRecord):
    """Who does what by when: a user, or someone of the family (WOR-07).

    `about` is the outcome's person: an agency that they don't share with sees neither the outcome nor its actions.
    """

    stands_at = "plan"
    security = RowSecurity(
        read=Level.VIEW, write=Level.CONTRIBUTE, delete=Level.CONTRIBUTE, person=("person_id", "about_id")
    )

    class Status(models.TextChoices):
        OPEN = "open", "To do"
        DONE = "done", "Done"
        PARTLY = "partly", "Partly done"
        NOT_DONE = "not_done", "Not done yet"
        NOT_NEEDED = "not_needed", "Not needed any more"
        GOES_ON = "goes_on", "Goes on without early help"

    SETTLED = (Status.DONE, Status.NOT_NEEDED, Status.GOES_ON)

    outcome = models.ForeignKey(Outcome, on_delete=models.CASCADE, related_name="actions")
    about = models.ForeignKey(Person, on_delete=models.CASCADE, null=True, related_name="+")
    text = models.TextField(max_length=1000)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    person = models.ForeignKey(Person, on_delete=models.CASCADE, null=True, related_name="+")
    due_on = models.DateField()
    status = models.CharField(max_length=10, choices=Status, default=Status.OPEN)
    at_end = models.CharField(
        max_length=500, blank=True, default="", db_default="", help_text="What became of it when early help ended."
    )

    class Meta:
        ordering = ["due_on", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(user__isnull=True, person__isnull=False) | Q(user__isnull=False, person__isnull=True),
                name="action_has_one_doer",
            ),
        ]

    def __str__(self) -> str:
        return f"action {self.pk}"

    @property
    def is_open(self) -> bool:
        return self.status not in self.SETTLED

    @property
    def is_overdue(self) -> bool:
        return self.is_open and self.due_on < clock.today()
