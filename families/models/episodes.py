from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.text import capfirst

from earlyhelp.access.levels import Level
from earlyhelp.access.models import FamilyRecord
from earlyhelp.access.rowsecurity import RowSecurity
from earlyhelp.access.triggers import Refresh
from earlyhelp.accounts.models import Agency
from earlyhelp.procedures.services import procedure_in_force


class HelpLevel(models.TextChoices):
    """How much help a family has, in one and the same record (R1). The local procedure has the words."""

    EARLY_HELP = "early_help", "Early help"
    CHILD_IN_NEED = "child_in_need", "Help for a child in need"


class Episode(FamilyRecord):
    """One stretch of early help, from a request to its end."""

    security = RowSecurity(read=Level.BASIC, write=Level.LEAD)
    refreshes = Refresh(
        "access_refresh_families",
        key="family_id",
        watch=("id", "first_contact_by_id", "first_contact_agency_id", "from_social_care", "ended_at"),
    )

    class Stage(models.TextChoices):
        FIRST_CONTACT = "first_contact", "First contact"
        AGREEMENT = "agreement", "Agreement"
        ASSESSMENT = "assessment", "Assessment"
        PLAN = "plan", "Plan and reviews"
        ENDED = "ended", "Ended"

    class End(models.TextChoices):
        MET = "met", "Needs fully met"
        SINGLE_AGENCY = "single_agency", "One agency will meet what is left"
        UNIVERSAL = "universal", "Universal services only"
        NOT_AGREED = "not_agreed", "The family did not agree, or withdrew"
        STEP_UP = "step_up", "Children’s social care has taken the lead"
        OTHER = "other", "Another reason"

    stage = models.CharField(max_length=20, choices=Stage, default=Stage.FIRST_CONTACT)
    started_at = models.DateTimeField()
    first_contact_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    first_contact_agency = models.ForeignKey(Agency, on_delete=models.PROTECT, null=True, related_name="+")
    from_social_care = models.BooleanField(
        default=False, db_default=False, help_text="Whether it began with a step-down from social care."
    )
    steps_down = models.BooleanField(
        default=False, db_default=False, help_text="Whether a step-down from social care is under way."
    )
    help_level = models.CharField(
        max_length=15, choices=HelpLevel, default=HelpLevel.EARLY_HELP, db_default=HelpLevel.EARLY_HELP
    )
    overseer = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        help_text="Who, qualified in social work, oversees the help for a child in need.",
    )
    ended_at = models.DateTimeField(null=True, blank=True)
    end_reason = models.CharField(max_length=20, choices=End, blank=True)

    class Meta:
        ordering = ["-started_at", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["family"], condition=Q(ended_at=None), name="one_open_episode"),
            models.CheckConstraint(
                condition=Q(ended_at=None, end_reason="") | (Q(ended_at__isnull=False) & ~Q(end_reason="")),
                name="episode_ends_with_a_reason",
            ),
            models.CheckConstraint(
                condition=~Q(help_level="child_in_need") | Q(overseer__isnull=False),
                name="child_in_need_has_an_overseer",
            ),
        ]

    def __str__(self) -> str:
        return f"episode {self.pk}"

    @property
    def stage_words(self) -> str:
        """The stage, as the local procedure calls it."""
        return stage_words(self.stage)

    @property
    def end_words(self) -> str:
        """How it ended, as the local procedure calls it; "" while it hasn't."""
        return str(getattr(procedure_in_force().reasons.ending, self.end_reason)) if self.end_reason else ""

    @property
    def level_words(self) -> str:
        """The level of help, as the local procedure calls it."""
        return level_words(self.help_level)


def stage_words(stage: str) -> str:
    if stage == Episode.Stage.AGREEMENT:
        return capfirst(procedure_in_force().words.agreement)
    return Episode.Stage(stage).label


def level_words(level: str) -> str:
    return str(getattr(procedure_in_force().help_levels, level)) or HelpLevel(level).label


class EpisodeEnd(FamilyRecord):
    """What was said when an episode ended: for those who may know more than that it did."""

    stands_at = "family"
    security = RowSecurity(read=Level.VIEW, write=Level.LEAD)

    episode = models.OneToOneField(Episode, on_delete=models.CASCADE, related_name="end")
    agency = models.CharField(max_length=150, blank=True, help_text="Which agency goes on, and who there.")
    note = models.TextField(max_length=2000, blank=True)

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"end of episode {self.episode_id}"
