from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models

from earlyhelp.access.levels import Level
from earlyhelp.access.models import FamilyRecord
from earlyhelp.access.rowsecurity import RowSecurity
from families.models.episodes import Episode


class Note(FamilyRecord):
    """A case note, or what its author added to one (`adds_to`), perhaps to correct it (`corrects`): with the same readers,
    beside the first text, which stays. `about` holds the people it is about. `reader_agency`, when set, is the only agency whose people may
    read it; `readers`, the only users; `kept_from`, the people of the family who must not learn of it: it is in nothing
    that is printed for the family."""

    stands_at = "notes"
    security = RowSecurity(
        read=Level.VIEW,
        write=Level.CONTRIBUTE,
        people="about",
        narrowed="readers",
        agency="reader_agency_id",
        errors=True,
    )

    class Kind(models.TextChoices):
        CALL = "call", "Phone call"
        VISIT = "visit", "Visit"
        MESSAGE = "message", "Message or letter"
        DISCUSSION = "discussion", "Discussion"
        SUPERVISION = "supervision", "Supervision"
        FEEDBACK = "feedback", "Feedback about who leads"

    episode = models.ForeignKey(Episode, on_delete=models.CASCADE, related_name="notes")
    kind = models.CharField(max_length=12, choices=Kind)
    at = models.DateTimeField()
    with_whom = models.CharField(max_length=200)
    about = ArrayField(models.BigIntegerField(), default=list, blank=True)
    text = models.TextField(max_length=10_000)
    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    author_agency = models.ForeignKey("accounts.Agency", on_delete=models.PROTECT, null=True, related_name="+")
    readers = ArrayField(models.BigIntegerField(), null=True, blank=True)
    reader_agency = models.ForeignKey("accounts.Agency", on_delete=models.PROTECT, null=True, related_name="+")
    adds_to = models.ForeignKey("self", on_delete=models.CASCADE, null=True, related_name="additions")
    corrects = models.BooleanField(default=False, db_default=False)
    kept_from = ArrayField(models.BigIntegerField(), default=list, db_default=[], blank=True)

    class Meta:
        ordering = ["-at", "-pk"]
        indexes = [models.Index(fields=["family", "-at"], name="note_of_family")]

    def __str__(self) -> str:
        return f"note {self.pk}"
