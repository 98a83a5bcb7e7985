import uuid

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models

from earlyhelp.access.levels import Level
from earlyhelp.access.models import FamilyRecord
from earlyhelp.access.rowsecurity import RowSecurity
from families.models.episodes import Episode


def stored_name(document: "Document", filename: str) -> str:
    """A name that nobody can guess, outside the web root; the original name isn't kept on disk."""
    return f"documents/{uuid.uuid4().hex}"


class Document(FamilyRecord):
    """A file of the family's, about some of its people or all. Whoever reads the record sees that it exists, and opens it
    unless it is `for_lead`; one for a `reader_agency` is there for its people alone. A signed form is about who signed."""

    stands_at = "documents"
    security = RowSecurity(
        read=Level.VIEW, write=Level.CONTRIBUTE, people="about", agency="reader_agency_id", errors=True
    )

    class Kind(models.TextChoices):
        AGREEMENT = "agreement", "Signed agreement"
        LETTER = "letter", "Letter"
        REPORT = "report", "Report"
        DRAWING = "drawing", "A child’s drawing or writing"
        OTHER = "other", "Other document"

    class Checked(models.TextChoices):
        NO = "no", "Not checked for viruses"
        CLEAN = "clean", "Checked for viruses"
        INFECTED = "infected", "A virus was found"

    episode = models.ForeignKey(Episode, on_delete=models.CASCADE, related_name="documents")
    kind = models.CharField(max_length=12, choices=Kind)
    title = models.CharField(max_length=150)
    file = models.FileField(upload_to=stored_name, max_length=200)
    content_type = models.CharField(max_length=100)
    size = models.PositiveIntegerField()
    about = ArrayField(models.BigIntegerField(), default=list, db_default=[], blank=True)
    for_lead = models.BooleanField(default=True, db_default=True)
    reader_agency = models.ForeignKey("accounts.Agency", on_delete=models.PROTECT, null=True, related_name="+")
    signed_on = models.DateField(null=True, blank=True)
    checked = models.CharField(max_length=10, choices=Checked, default=Checked.NO, db_default=Checked.NO)
    moved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        help_text="Who moved it here, where it had been filed in another family first.",
    )
    uploaded_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["-created_at", "-pk"]

    def __str__(self) -> str:
        return f"document {self.pk}"
