from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from earlyhelp.access.levels import Level
from earlyhelp.access.models import FamilyRecord
from earlyhelp.access.rowsecurity import RowSecurity
from earlyhelp.access.triggers import Refresh
from earlyhelp.accounts.models import Agency
from families.models import Person


class ExcludedPerson(FamilyRecord):
    """Someone by name who must not see the family's record, as the family asked; with an account, they never do."""

    security = RowSecurity(read=Level.LEAD, write=Level.LEAD)
    refreshes = Refresh("access_refresh_families", key="family_id", watch=("user_id", "ended_at"))

    name = models.CharField(max_length=150)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    decided_by = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="+")
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["pk"]
        verbose_name_plural = "excluded people"

    def __str__(self) -> str:
        return f"excluded person {self.pk}"


class LawfulSharing(FamilyRecord):
    """A decision to share without agreement (ROT-17 to 19): why, on which basis, what, with whom, who advised, and
    whether the family was told. It can let one named person see the record until a moment, about the people it names."""

    security = RowSecurity(read=Level.LEAD, write=Level.LEAD, people="about", own=("created_by_id", "adviser_id"))
    refreshes = Refresh(
        "access_refresh_families",
        key="family_id",
        watch=("user_id", "agency_id", "about", "access_until", "access_ended_at"),
    )

    reason = models.CharField(max_length=40)
    explanation = models.TextField(max_length=4000)
    basis = models.CharField(max_length=40)
    what = models.TextField(max_length=4000)
    about = ArrayField(models.BigIntegerField())
    with_whom = models.CharField(max_length=200)
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    decided_at = models.DateTimeField()
    adviser = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    advice = models.TextField(max_length=4000)
    told = models.BooleanField()
    not_told_because = models.TextField(max_length=2000, blank=True)
    access_until = models.DateTimeField(null=True, blank=True)
    access_ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-decided_at", "-pk"]
        verbose_name_plural = "lawful sharing"
        constraints = [
            models.CheckConstraint(condition=~Q(adviser=models.F("created_by")), name="advised_by_someone_else"),
            models.CheckConstraint(condition=~Q(told=False, not_told_because=""), name="not_told_with_a_reason"),
            models.CheckConstraint(
                condition=Q(access_until=None) | Q(user__isnull=False), name="access_is_for_someone_named"
            ),
        ]

    def __str__(self) -> str:
        return f"lawful sharing {self.pk}"


class EmergencyAccess(FamilyRecord):
    """Someone opened the record in an emergency, with a reason; `reviewers` were told, and one of them says whether it
    was right."""

    security = RowSecurity(read=Level.MANAGE, write=Level.MANAGE, own=("user_id",), own_any="reviewers")
    refreshes = Refresh("access_refresh_families", key="family_id", watch=("user_id", "ends_at"))

    class Finding(models.TextChoices):
        RIGHT = "right", "It was right to open the record"
        WRONG = "wrong", "The record should not have been opened"

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    reason = models.TextField(max_length=2000)
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    reviewers = ArrayField(models.BigIntegerField(), default=list)
    finding = models.CharField(max_length=10, choices=Finding, blank=True)
    reviewed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    reviewed_at = models.DateTimeField(null=True)
    review_note = models.TextField(max_length=2000, blank=True)

    class Meta:
        ordering = ["-starts_at", "-pk"]
        verbose_name_plural = "emergency access"
        constraints = [
            models.CheckConstraint(condition=~Q(reviewed_by=models.F("user")), name="reviewed_by_someone_else"),
        ]

    def __str__(self) -> str:
        return f"emergency access {self.pk}"


class Disclosure(FamilyRecord):
    """Information that left: what, to whom, how, and on which basis; `about` whom, when not the family as a whole."""

    security = RowSecurity(read=Level.LEAD, write=Level.LEAD, people="about", own=("created_by_id",))

    class How(models.TextChoices):
        PRINTED = "printed", "Printed"
        SENT = "sent", "Sent"
        TOLD = "told", "Told"

    class Basis(models.TextChoices):
        FAMILY = "family", "Given to the family"
        AGREEMENT = "agreement", "The family agreed"
        LAWFUL = "lawful", "Without agreement"
        STEP_UP = "step_up", "Without agreement, in a step-up to social care"

    at = models.DateTimeField()
    how = models.CharField(max_length=10, choices=How)
    what = models.CharField(max_length=300)
    about = ArrayField(models.BigIntegerField(), default=list, db_default=[])
    to_whom = models.CharField(max_length=200)
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    basis = models.CharField(max_length=10, choices=Basis)
    lawful_sharing = models.ForeignKey(
        LawfulSharing, on_delete=models.PROTECT, null=True, blank=True, related_name="disclosures"
    )

    class Meta:
        ordering = ["-at", "-pk"]

    def __str__(self) -> str:
        return f"disclosure {self.pk}"
