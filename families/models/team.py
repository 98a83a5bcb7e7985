from django.conf import settings
from django.db import models
from django.db.models import Q

from earlyhelp.access.levels import Level
from earlyhelp.access.models import FamilyRecord
from earlyhelp.access.rowsecurity import RowSecurity
from earlyhelp.access.triggers import Refresh
from earlyhelp.accounts.models import Agency, Locality
from earlyhelp.procedures.services import name_of
from families.models.episodes import Episode
from families.models.people import Person

WATCHED = ("episode_id", "user_id", "agency_id", "status")


class Answered(FamilyRecord):
    """Something that someone was asked, and may decline for one of the local procedure's reasons, with their own words."""

    reason = models.TextField(max_length=2000, blank=True)
    declined_for = models.CharField(max_length=20, blank=True, default="", db_default="")

    class Meta:
        abstract = True

    @property
    def declined_words(self) -> str:
        """Why they declined, as the local procedure calls it, or called it when it had it."""
        return name_of("reasons.declining", self.declined_for) if self.declined_for else ""


class Lead(Answered):
    """Someone asked to lead, their answer, and how their lead ended: the whole history (DEV-12, MID-06)."""

    stands_at = "team"
    security = RowSecurity(read=Level.BASIC, write=Level.LEAD)
    refreshes = Refresh("access_refresh_families", key="family_id", watch=WATCHED)

    class Status(models.TextChoices):
        ASKED = "asked", "Asked"
        ACCEPTED = "accepted", "Leads"
        DECLINED = "declined", "Declined"
        ENDED = "ended", "Led before"
        NOT_NEEDED = "not_needed", "Someone else accepted first"

    class Result(models.TextChoices):
        STANDS = "stands", "The answer stays no"
        ASK_AGAIN = "ask_again", "They would lead after all"

    episode = models.ForeignKey(Episode, on_delete=models.CASCADE, related_name="leads")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="+")
    status = models.CharField(max_length=10, choices=Status, default=Status.ASKED)
    family_wish = models.TextField(
        max_length=1000, blank=True, help_text="As it was typed with the asking, before wishes had rows of their own."
    )
    without_wish = models.TextField(
        max_length=1000,
        blank=True,
        default="",
        db_default="",
        help_text="Why they were asked before everyone of the family had said whom they would like (MID-06).",
    )
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    because = models.TextField(
        max_length=1000, blank=True, default="", db_default="", help_text="Why the lead changes."
    )
    without_challenge = models.TextField(
        max_length=1000,
        blank=True,
        default="",
        db_default="",
        help_text="Why they were asked before it was talked over with whoever had declined (DEV-12).",
    )
    challenged_on = models.DateField(null=True)
    challenged_by = models.CharField(
        max_length=200, blank=True, default="", db_default="", help_text="Who talked with them once they had declined."
    )
    challenge = models.TextField(max_length=2000, blank=True, default="", db_default="")
    result = models.CharField(max_length=10, choices=Result, blank=True, default="", db_default="")
    stays = models.BooleanField(
        default=True, db_default=True, help_text="Whether who ran the support before stays on the team."
    )

    class Meta:
        ordering = ["-asked_at", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["episode"], condition=Q(status="accepted"), name="one_lead"),
            models.UniqueConstraint(fields=["episode", "user"], condition=Q(status="asked"), name="asked_once"),
            models.CheckConstraint(condition=~Q(status="declined", reason=""), name="lead_declined_with_reason"),
            models.CheckConstraint(
                condition=Q(challenged_on=None, challenged_by="", challenge="", result="")
                | Q(status="declined", challenged_on__isnull=False) & ~Q(challenged_by="") & ~Q(result=""),
                name="lead_challenged_once_declined",
            ),
        ]

    def __str__(self) -> str:
        return f"lead {self.user_id}"


class LeadWish(FamilyRecord):
    """Whom someone of the family would like to lead, in their own words (DEV-10, MID-06)."""

    stands_at = "team"
    security = RowSecurity(read=Level.BASIC, write=Level.LEAD, person=("person_id",))

    episode = models.ForeignKey(Episode, on_delete=models.CASCADE, related_name="+")
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="+")
    words = models.TextField(max_length=1000)
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()

    class Meta:
        ordering = ["asked_at", "pk"]
        verbose_name = "wish about who leads"
        verbose_name_plural = "wishes about who leads"
        constraints = [
            models.UniqueConstraint(fields=["episode", "person"], name="one_wish_a_person"),
            models.CheckConstraint(condition=~Q(words=""), name="wish_has_words"),
        ]

    def __str__(self) -> str:
        return f"wish {self.pk}"


class TeamMember(Answered):
    """Someone around the family: invited, on the team, or on it before (MED-02)."""

    stands_at = "team"
    security = RowSecurity(read=Level.VIEW, write=Level.LEAD, own=("user_id",))
    refreshes = Refresh("access_refresh_families", key="family_id", watch=(*WATCHED, "role", "ends_at"))

    class Role(models.TextChoices):
        CONTRIBUTOR = "contributor", "Contributor"
        ATTENDEE = "attendee", "Comes to reviews"

    class Status(models.TextChoices):
        INVITED = "invited", "Invited"
        ACCEPTED = "accepted", "On the team"
        DECLINED = "declined", "Declined"
        ENDED = "ended", "Left"
        MISTAKE = "mistake", "Added by mistake"

    episode = models.ForeignKey(Episode, on_delete=models.CASCADE, related_name="team")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="+")
    role = models.CharField(max_length=12, choices=Role, default=Role.CONTRIBUTOR)
    status = models.CharField(max_length=10, choices=Status, default=Status.INVITED)
    invited_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    invited_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True)
    ends_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["episode", "user"], condition=Q(status__in=["invited", "accepted"]), name="on_the_team_once"
            ),
        ]

    def __str__(self) -> str:
        return f"team member {self.user_id}"


class LocalityHelp(FamilyRecord):
    """The locality officer was asked to help find a lead, and why, and whom they suggest; open until a lead is found or someone
    ends it (DEV-11)."""

    stands_at = "team"
    security = RowSecurity(read=Level.VIEW, write=Level.LEAD, own=("asked_by_id",))
    refreshes = Refresh(
        "access_refresh_families", key="family_id", watch=("episode_id", "locality_id", "status", "ended_at")
    )

    class Status(models.TextChoices):
        ASKED = "asked", "Asked"
        DONE = "done", "Done"

    episode = models.ForeignKey(Episode, on_delete=models.CASCADE, related_name="+")
    locality = models.ForeignKey(Locality, on_delete=models.PROTECT, related_name="+")
    status = models.CharField(max_length=10, choices=Status, default=Status.ASKED)
    reason = models.TextField(max_length=2000)
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    ended_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    suggested = models.TextField(max_length=2000, blank=True, default="", db_default="")
    suggested_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    suggested_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["asked_at", "pk"]
        verbose_name_plural = "locality help"
        constraints = [
            models.UniqueConstraint(fields=["episode"], condition=Q(status="asked"), name="locality_asked_once"),
            models.CheckConstraint(
                condition=Q(status="asked", ended_at=None) | Q(status="done", ended_at__isnull=False),
                name="locality_help_done_has_end",
            ),
        ]

    def __str__(self) -> str:
        return f"help for family {self.family_id}"


class Runner(models.Model):
    """Who runs an open episode: its lead, or until there is one whoever makes the first contact; or who led one that has
    ended. Read from the rule's own view."""

    episode = models.OneToOneField(Episode, on_delete=models.DO_NOTHING, primary_key=True, related_name="runner")
    family = models.ForeignKey("families.Family", on_delete=models.DO_NOTHING, related_name="+")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.DO_NOTHING, related_name="+")
    agency = models.ForeignKey(Agency, on_delete=models.DO_NOTHING, related_name="+")
    leads = models.BooleanField()

    class Meta:
        managed = False
        db_table = "access_runs"
        ordering = ["-leads", "pk"]

    def __str__(self) -> str:
        return f"{self.user_id} runs episode {self.pk}"
