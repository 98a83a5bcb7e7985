from django.db import models
from django.db.models import Q

from earlyhelp.access.models import FamilyRecord, tracked
from earlyhelp.access.rowsecurity import RowSecurity
from earlyhelp.access.triggers import refresh_on_change
from families.models import Document, Episode, Person


@tracked
class Agreement(FamilyRecord):
    """One person's decision to work with early help in one episode. Rows are added; the latest of a person counts."""

    class Decision(models.TextChoices):
        GIVEN = "given", "Agreed"
        REFUSED = "refused", "Did not agree"
        WITHDRAWN = "withdrawn", "Withdrew"

    class How(models.TextChoices):
        SIGNED = "signed", "Signed on paper"
        VERBAL = "verbal", "Said so"

    episode = models.ForeignKey(Episode, on_delete=models.CASCADE, related_name="agreements")
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="agreements")
    decision = models.CharField(max_length=10, choices=Decision)
    how = models.CharField(max_length=10, choices=How)
    decided_on = models.DateField()
    witness = models.CharField(max_length=150, blank=True)
    wishes = models.TextField(max_length=4000, blank=True)
    scan = models.ForeignKey(Document, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    until = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-pk"]
        triggers = refresh_on_change(
            "access_refresh_families", key="family_id", watch=("id", "episode_id", "person_id", "decision", "until")
        )
        constraints = [
            models.CheckConstraint(condition=~Q(how="verbal", witness=""), name="verbal_agreement_has_witness"),
            RowSecurity(name="agreement", read="view", write="lead", person=("person_id",)),
        ]

    def __str__(self) -> str:
        return f"agreement {self.pk}"
