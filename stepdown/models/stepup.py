from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from earlyhelp.access.levels import Level
from earlyhelp.access.models import FamilyRecord
from earlyhelp.access.rowsecurity import RowSecurity
from earlyhelp.core import clock
from earlyhelp.procedures.services import name_of, procedure_in_force
from families.models import Episode


class StepUp(FamilyRecord):
    """Social care was told that early help isn't enough, or that a child may come to harm: why, with whose agreement, how the
    written part was sent, and what social care answered (WOR-17, MID-08, ROT-05, ROT-17)."""

    stands_at = "step_ups"
    security = RowSecurity(read=Level.VIEW, write=Level.CONTRIBUTE, people="about")

    class Ground(models.TextChoices):
        HARM = "harm", "A child is harmed, or may come to harm"
        RISING = "rising", "Needs are not met, and risks increase"

    class Agreed(models.TextChoices):
        YES = "yes", "They agree"
        NO = "no", "They don’t agree"
        NOT_ASKED = "not_asked", "They weren’t asked, or couldn’t be reached"

    class Outcome(models.TextChoices):
        ACCEPTED = "accepted", "Accepted: social care takes it on"
        TARGETED = "targeted", "More targeted help, within early help"
        ADVICE = "advice", "Returned with advice"

    class Then(models.TextChoices):
        ALONGSIDE = "alongside", "Early help goes on alongside"
        WAITS = "waits", "Early help waits for social care"
        AS_BEFORE = "as_before", "Early help goes on as before"
        LEVEL = "level", "Help goes on here, at a higher level"

    episode = models.ForeignKey(Episode, on_delete=models.CASCADE, related_name="+")
    about = ArrayField(models.BigIntegerField(), default=list, help_text="The children whom it is about.")
    ground = models.CharField(max_length=10, choices=Ground)
    what = models.TextField(max_length=4000, help_text="What was seen or said, and what has changed.")
    tried = models.TextField(max_length=2000, blank=True)
    agreed = models.CharField(max_length=10, choices=Agreed)
    agreed_by = models.CharField(max_length=200, blank=True)
    because = models.CharField(max_length=20, blank=True, help_text="Why it is shared without agreement.")
    adviser = models.CharField(
        max_length=200, blank=True, help_text="Who advised on that; empty if nobody could be reached."
    )
    rang = models.CharField(max_length=200, blank=True, help_text="Whom they rang first, if anyone.")
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField(default=clock.now)
    sent_at = models.DateTimeField(null=True)
    sent_how = models.CharField(max_length=200, blank=True)
    sent_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    outcome = models.CharField(max_length=10, choices=Outcome, blank=True)
    outcome_words = models.TextField(max_length=2000, blank=True)
    outcome_by = models.CharField(max_length=200, blank=True)
    outcome_on = models.DateField(null=True)
    then = models.CharField(max_length=10, choices=Then, blank=True)
    recorded_at = models.DateTimeField(null=True)
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")

    withdrawn_at = models.DateTimeField(null=True, help_text="When it was taken back, as made by mistake.")
    withdrawn_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    withdrawn_because = models.TextField(max_length=1000, blank=True, default="", db_default="")

    class Meta:
        ordering = ["-made_at", "-pk"]
        constraints = [
            models.CheckConstraint(condition=Q(agreed="yes") | ~Q(because=""), name="step_up_without_agreement_for"),
            models.CheckConstraint(
                condition=Q(outcome="") | Q(outcome_on__isnull=False) & ~Q(then=""), name="step_up_outcome_whole"
            ),
        ]

    def __str__(self) -> str:
        return f"step-up {self.pk}"

    @property
    def because_words(self) -> str:
        """Why it is shared without agreement, as the local procedure calls it, or called it when it had it."""
        return name_of("reasons.without_agreement", self.because) if self.because else ""

    @property
    def reference(self) -> str:
        return self.family.reference

    def get_absolute_url(self) -> str:
        return f"/families/{self.reference}/step-up/{self.pk}/"

    @property
    def is_told(self) -> bool:
        """Whether social care knows: somebody was rung, or the written part was sent."""
        return bool(self.rang or self.sent_at or self.outcome)

    @property
    def outcome_title(self) -> str:
        front_door = procedure_in_force().words.front_door
        return f"{front_door}: {self.get_outcome_display()}" if self.outcome else ""
