import uuid

from django.conf import settings
from django.db import models

from earlyhelp.access.levels import Level
from earlyhelp.access.models import FamilyRecord
from earlyhelp.access.rowsecurity import RowSecurity
from families.models.episodes import Episode


def stored_name(document: "Document", filename: str) -> str:
    """A name that nobody can guess, outside the web root; the original name isn't kept on disk."""
    return f"documents/{uuid.uuid4().hex}"


class Document(FamilyRecord):
    """A file of the family's. The team sees that it exists; who may open it is the action's to say."""

    stands_at = "documents"
    security = RowSecurity(read=Level.VIEW, write=Level.LEAD, errors=True)

    class Kind(models.TextChoices):
        AGREEMENT = "agreement", "Signed agreement"
        OTHER = "other", "Other document"

    class Checked(models.TextChoices):
        NO = "no", "Not checked for viruses"
        CLEAN = "clean", "Checked for viruses"
        INFECTED = "infected", "A virus was found"

    episode = models.ForeignKey(Episode, on_delete=models.CASCADE, related_name="documents")
    kind = models.CharField(max_length=12, choices=Kind)
    title = models.CharField(max_length=150)
    file = models.FileField(upload_to=stored_name, max_length=200)
    content_type = models.CharField(max_length=60)
    size = models.PositiveIntegerField()
    signed_on = models.DateField(null=True, blank=True)
    checked = models.CharField(max_length=10, choices=Checked, default=Checked.NO, db_default=Checked.NO)
    uploaded_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["-created_at", "-pk"]

    def __str__(self) -> str:
        return f"document {self.pk}"
