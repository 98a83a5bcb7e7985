from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from assessments.models.assessment import Assessment
from assessments.models.writing import LONGEST, Answer
from earlyhelp.access.levels import Level
from earlyhelp.access.models import FamilyRecord
from earlyhelp.access.rowsecurity import RowSecurity
from earlyhelp.accounts.models import Agency
from families.models import Person


class Asked(FamilyRecord):
    """An agency that was asked for its part: for what, by when, and what became of it (DEV-18). `reason` says why it has
    nothing to add, or why it isn't waited for any more."""

    stands_at = "assessment"
    security = RowSecurity(read=Level.VIEW, write=Level.CONTRIBUTE)

    class Status(models.TextChoices):
        WAITING = "waiting", "Still to come"
        SENT = "sent", "Sent"
        NOTHING = "nothing", "Nothing to add"
        WAIVED = "waived", "Not waited for"

    assessment = models.ForeignKey(Assessment, on_delete=models.CASCADE, related_name="asked")
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="+")
    part = models.CharField(max_length=20)
    words = models.TextField(max_length=2000, blank=True)
    until = models.DateField()
    status = models.CharField(max_length=10, choices=Status, default=Status.WAITING)
    reason = models.TextField(max_length=2000, blank=True)
    answered_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    answered_at = models.DateTimeField(null=True)
    reminded_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["assessment", "agency", "part"], condition=Q(status="waiting"), name="part_asked_once"
            ),
        ]

    def __str__(self) -> str:
        return f"asked {self.pk}"


class Remark(FamilyRecord):
    """What is said beside a part, also once it is final: that someone of the family (`who`) does not agree, in their own
    words; or what is wrong in it, and right. Both texts stay."""

    stands_at = "assessment_read"
    security = RowSecurity(read=Level.VIEW, write=Level.CONTRIBUTE, person=("person_id", "who_id"))

    class Kind(models.TextChoices):
        DISAGREES = "disagrees", "Does not agree"
        CORRECTS = "corrects", "Correction"

    assessment = models.ForeignKey(Assessment, on_delete=models.CASCADE, related_name="remarks")
    part = models.CharField(max_length=20)
    person = models.ForeignKey(Person, on_delete=models.CASCADE, null=True, related_name="+")
    kind = models.CharField(max_length=10, choices=Kind)
    who = models.ForeignKey(Person, on_delete=models.CASCADE, null=True, related_name="+")
    words = models.TextField(max_length=LONGEST)
    said_on = models.DateField()
    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(kind="disagrees", who__isnull=False) | Q(kind="corrects", who=None), name="remark_of_whom"
            ),
        ]

    def __str__(self) -> str:
        return f"remark {self.pk}"


class Proposal(FamilyRecord):
    """Another text for what someone wrote, which its author or the lead takes over or not: `seen` is what stood there. It is
    read as the answer is."""

    stands_at = "assessment_read"
    security = RowSecurity(
        read=Level.VIEW,
        write=Level.CONTRIBUTE,
        people="about",
        narrowed="readers",
        agency="reader_agency_id",
    )

    class Status(models.TextChoices):
        WAITING = "waiting", "Waits for an answer"
        ACCEPTED = "accepted", "Taken over"
        DECLINED = "declined", "Not taken over"
        WITHDRAWN = "withdrawn", "Taken back"

    answer = models.ForeignKey(Answer, on_delete=models.CASCADE, related_name="proposals")
    seen = models.TextField(max_length=LONGEST)
    text = models.TextField(max_length=LONGEST)
    why = models.TextField(max_length=2000)
    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, null=True, related_name="+")
    status = models.CharField(max_length=10, choices=Status, default=Status.WAITING)
    reason = models.TextField(max_length=2000, blank=True)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)
    about = ArrayField(models.BigIntegerField(), default=list, blank=True)
    readers = ArrayField(models.BigIntegerField(), null=True, blank=True)
    reader_agency = models.ForeignKey(Agency, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["answer", "author"], condition=Q(status="waiting"), name="proposal_once"),
        ]

    def __str__(self) -> str:
        return f"proposal {self.pk}"


class Oversight(FamilyRecord):
    """What a manager says of an assessment to who leads: a comment, why it is returned, or that it is signed off (ROT-08)."""

    stands_at = "assessment"
    security = RowSecurity(read=Level.LEAD, write=Level.MANAGE)

    class Kind(models.TextChoices):
        COMMENT = "comment", "Comment"
        RETURNED = "returned", "Returned"
        SIGNED = "signed", "Signed off"

    assessment = models.ForeignKey(Assessment, on_delete=models.CASCADE, related_name="oversight")
    kind = models.CharField(max_length=10, choices=Kind)
    words = models.TextField(max_length=4000, blank=True)
    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["assessment"], condition=Q(kind="signed"), name="signed_off_once"),
        ]

    def __str__(self) -> str:
        return f"oversight {self.pk}"
