import hashlib
import json
from functools import cached_property, lru_cache
from typing import Any

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from earlyhelp.access.levels import Level
from earlyhelp.access.models import FamilyRecord
from earlyhelp.access.rowsecurity import RowSecurity
from earlyhelp.core import clock
from earlyhelp.procedures.form import AssessmentForm
from earlyhelp.procedures.services import words_then
from families.models import Episode


class FormVersion(models.Model):
    """A form as it was published, whole, and never changed: an assessment is asked, read and printed by its own."""

    application_may = ("SELECT", "INSERT")

    number = models.PositiveIntegerField(primary_key=True)
    body = models.JSONField()
    digest = models.CharField(max_length=64, unique=True)
    procedure = models.ForeignKey("procedures.Version", on_delete=models.PROTECT, null=True, related_name="+")
    published_at = models.DateTimeField(default=clock.now)

    class Meta:
        ordering = ["-number"]

    def __str__(self) -> str:
        return f"version {self.number}"

    @property
    def form(self) -> AssessmentForm:
        return _form(self.digest)

    @classmethod
    def digest_of(cls, body: dict[str, Any]) -> str:
        return hashlib.sha256(json.dumps(body, sort_keys=True).encode()).hexdigest()


@lru_cache(maxsize=32)
def _form(digest: str) -> AssessmentForm:
    """Read once a process: pages leave out the body."""
    body = FormVersion.objects.values_list("body", flat=True).get(digest=digest)
    return AssessmentForm.model_validate_json(json.dumps(body))


class Assessment(FamilyRecord):
    """The whole-family assessment of one episode: started, written by several agencies, finalised by the lead (PS-2). Once it
    is final it is never changed: the next one, which begins with what the `previous` said, takes its place (WOR-12). `level` and `deeper` say which of the questions are
    asked that not every family is.

    Whoever may add to the record may lock the row, so that nobody writes while it is being finalised.
    """

    security = RowSecurity(read=Level.VIEW, write=Level.CONTRIBUTE)

    class Status(models.TextChoices):
        OPEN = "open", "In progress"
        FINALISED = "finalised", "Finalised"

    episode = models.ForeignKey(Episode, on_delete=models.CASCADE, related_name="assessments")
    number = models.PositiveSmallIntegerField(default=1, db_default=1)
    previous = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="+")
    form = models.ForeignKey(FormVersion, on_delete=models.PROTECT, related_name="+")
    procedure = models.ForeignKey("procedures.Version", on_delete=models.PROTECT, null=True, related_name="+")
    level = models.CharField(max_length=10, blank=True, default="", db_default="")
    deeper = models.BooleanField(default=False, db_default=False)
    started_at = models.DateTimeField()
    started_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    status = models.CharField(max_length=10, choices=Status, default=Status.OPEN)
    finalised_at = models.DateTimeField(null=True)
    finalised_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering = ["-started_at", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["episode"], condition=Q(status="open"), name="one_open_assessment"),
            models.UniqueConstraint(fields=["episode", "number"], name="assessment_number"),
            models.CheckConstraint(
                condition=Q(status="open", finalised_at=None, finalised_by=None)
                | Q(status="finalised", finalised_at__isnull=False, finalised_by__isnull=False),
                name="assessment_finalised_by_someone",
            ),
        ]

    def __str__(self) -> str:
        return f"assessment {self.pk}"

    @cached_property
    def levels(self) -> list[str]:
        """The levels of need of its procedure, from little to much."""
        return [level.code for level in words_then(self.procedure_id).levels]

    @property
    def is_request(self) -> bool:
        """Whether it is still to be sent as the request (`as_request`, where a query asked for that)."""
        said: dict[str, Any] = getattr(self, "as_request", None) or {"answer": ""}
        return said["answer"] == "waiting" and said["sent_at"] is None

    @property
    def is_open(self) -> bool:
        return self.status == self.Status.OPEN


class GoneWithout(FamilyRecord):
    """What was expected of an assessment and not there when it was finalised, and why it was finalised all the same."""

    stands_at = "assessment_read"
    security = RowSecurity(read=Level.VIEW, write=Level.CONTRIBUTE, people="about")

    assessment = models.ForeignKey(Assessment, on_delete=models.CASCADE, related_name="gone_without")
    what = models.CharField(max_length=400)
    about = ArrayField(models.BigIntegerField(), default=list, blank=True)
    reason = models.TextField(max_length=2000)

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"gone without {self.pk}"
