from django.conf import settings
from django.db import models
from django.db.models import Q

from earlyhelp.access.levels import Level
from earlyhelp.access.models import FamilyRecord
from earlyhelp.access.rowsecurity import RowSecurity
from families.models import Episode, Person


class Meeting(FamilyRecord):
    """People sit down together about a family: arranged for a day, then held, or not (DEV-13, DEV-14, ROT-11)."""

    stands_at = "plan"
    security = RowSecurity(read=Level.VIEW, write=Level.CONTRIBUTE)

    class Kind(models.TextChoices):
        TAF = "taf", "Team around the family meeting"
        CHILD_IN_NEED = "cin", "Child in need meeting"
        PANEL = "panel", "Panel"

    class Status(models.TextChoices):
        ARRANGED = "arranged", "Arranged"
        HELD = "held", "Held"
        OFF = "off", "Not held"

    episode = models.ForeignKey(Episode, on_delete=models.CASCADE, related_name="+")
    kind = models.CharField(max_length=10, choices=Kind)
    status = models.CharField(max_length=10, choices=Status, default=Status.ARRANGED)
    on = models.DateField(help_text="The day on which it was held, or is arranged for.")
    at = models.CharField(max_length=20, blank=True, help_text="The time of day.")
    place = models.CharField(max_length=300, blank=True)
    early_reason = models.TextField(
        max_length=1000, blank=True, help_text="Why it was arranged before what the local procedure has come first."
    )
    arranged_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    outcomes = models.TextField(max_length=8000, blank=True)
    plan_is_clear = models.BooleanField(null=True, help_text="Whether the plan to step down is clear (DEV-14).")
    told = models.TextField(
        max_length=1000,
        blank=True,
        help_text="What the family was told of what happens if they don’t take part (DEV-21); empty if they weren’t.",
    )
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    recorded_at = models.DateTimeField(null=True)
    off_reason = models.TextField(max_length=1000, blank=True)

    class Meta:
        ordering = ["-on", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(status="held") | ~Q(outcomes="") & Q(recorded_at__isnull=False),
                name="meeting_held_has_outcomes",
            ),
            models.CheckConstraint(condition=~Q(status="off", off_reason=""), name="meeting_off_has_a_reason"),
        ]

    def __str__(self) -> str:
        return f"meeting {self.pk}"

    @property
    def title(self) -> str:
        return str(self.Kind(self.kind).label)


class Present(FamilyRecord):
    """Who was at a meeting, by role; and what someone of the family said there, in their own words."""

    stands_at = "plan"
    security = RowSecurity(read=Level.VIEW, write=Level.CONTRIBUTE, delete=Level.CONTRIBUTE, person=("person_id",))

    meeting = models.ForeignKey(Meeting, on_delete=models.CASCADE, related_name="present")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    person = models.ForeignKey(Person, on_delete=models.CASCADE, null=True, related_name="+")
    name = models.CharField(max_length=200, blank=True, help_text="Somebody else, with their role.")
    role = models.CharField(max_length=200, blank=True)
    came = models.BooleanField(default=True)
    words = models.TextField(max_length=4000, blank=True)

    class Meta:
        ordering = ["pk"]
        verbose_name_plural = "present"
        constraints = [
            models.CheckConstraint(
                condition=Q(user__isnull=False, person=None, name="")
                | Q(user=None, person__isnull=False, name="")
                | Q(Q(user=None, person=None), ~Q(name="")),
                name="present_is_one",
            ),
        ]

    def __str__(self) -> str:
        return f"present {self.pk}"
