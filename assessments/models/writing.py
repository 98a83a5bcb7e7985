from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from assessments.models.assessment import Assessment
from earlyhelp.access.levels import Level
from earlyhelp.access.models import FamilyRecord
from earlyhelp.access.rowsecurity import RowSecurity
from earlyhelp.accounts.models import Agency
from earlyhelp.core.versions import Versioned
from families.models import Person

LONGEST = 20_000


class Contribution(Versioned, FamilyRecord):
    """What one person wrote in one part of an assessment, for their agency: about the family, or about `person`. Others write
    beside it. `version` counts the times that it was saved.

    `carried_from` is where it stood in the assessment before, when it came over from there: with its author and its date, to be
    looked at by someone (`checked_by`) before it counts as still right. `told_by` is who said it where `author` typed it for them, as it came by phone or e-mail (ROT-29); where it `is_quoted`, it stands word for word as they wrote it, and nobody changes it (DEV-17).
    `reader_agency`, when
    set, is the only agency whose people may read it; `readers`, the only users; `kept_from`, the people of the family who
    must not learn of it.
    """

    stands_at = "assessment_read"
    security = RowSecurity(
        read=Level.VIEW,
        write=Level.CONTRIBUTE,
        person=("person_id",),
        narrowed="readers",
        agency="reader_agency_id",
    )

    class State(models.TextChoices):
        BEGUN = "begun", "Begun"
        READY = "ready", "Ready"
        DROPPED = "dropped", "Left out"

    assessment = models.ForeignKey(Assessment, on_delete=models.CASCADE, related_name="contributions")
    part = models.CharField(max_length=20)
    person = models.ForeignKey(Person, on_delete=models.CASCADE, null=True, related_name="+")
    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, null=True, related_name="+")
    state = models.CharField(max_length=10, choices=State, default=State.BEGUN)
    saved_at = models.DateTimeField(null=True)
    told_by = models.CharField(max_length=200, blank=True, default="", db_default="")
    told_how = models.CharField(max_length=200, blank=True, default="", db_default="")
    told_on = models.DateField(null=True)
    is_quoted = models.BooleanField(default=False, db_default=False)
    carried_from = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="+")
    checked_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    readers = ArrayField(models.BigIntegerField(), null=True, blank=True)
    reader_agency = models.ForeignKey(Agency, on_delete=models.PROTECT, null=True, related_name="+")
    kept_from = ArrayField(models.BigIntegerField(), default=list, db_default=[], blank=True)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["assessment", "part", "person", "author", "agency"],
                condition=Q(told_by="", readers=None, reader_agency=None) & ~Q(state="dropped"),
                name="contribution_once",
                nulls_distinct=False,
            ),
            models.CheckConstraint(
                condition=Q(told_by="") | Q(told_on__isnull=False), name="contribution_told_on_a_day"
            ),
        ]

    def __str__(self) -> str:
        return f"contribution {self.pk}"

    @property
    def is_narrow(self) -> bool:
        """Whether only some of those read it who read the assessment."""
        return self.readers is not None or self.reader_agency_id is not None

    @property
    def whose(self) -> str:
        """Who said it, and for which agency, as pages and prints name them."""
        name = self.told_by or str(self.author)
        return f"{name} ({self.agency})" if self.agency else name


class Answer(FamilyRecord):
    """What a contribution says in one box of a question: the only one, or one of several (`box`), in a table in one of its
    rows. `about` holds the people it is about or names; who may read is as with the contribution. An emptied box stays, empty.
    """

    stands_at = "assessment_read"
    security = RowSecurity(
        read=Level.VIEW,
        write=Level.CONTRIBUTE,
        people="about",
        narrowed="readers",
        agency="reader_agency_id",
    )

    contribution = models.ForeignKey(Contribution, on_delete=models.CASCADE, related_name="answers")
    question = models.CharField(max_length=20)
    row = models.PositiveSmallIntegerField(default=0)
    box = models.CharField(max_length=20, blank=True)
    text = models.TextField(max_length=LONGEST, blank=True)
    about = ArrayField(models.BigIntegerField(), default=list, blank=True)
    readers = ArrayField(models.BigIntegerField(), null=True, blank=True)
    reader_agency = models.ForeignKey(Agency, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["contribution", "question", "row", "box"], name="answer_once"),
        ]

    def __str__(self) -> str:
        return f"answer {self.pk}"
