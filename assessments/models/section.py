from django.conf import settings
from django.db import models
from django.db.models import Q

from assessments.models.assessment import Assessment
from earlyhelp.access.levels import Level
from earlyhelp.access.models import FamilyRecord
from earlyhelp.access.rowsecurity import RowSecurity
from earlyhelp.accounts.models import Agency
from earlyhelp.core.versions import Versioned
from families.models import Person

LONGEST = 5000


class Section(Versioned, FamilyRecord):
    """One part of an assessment in three columns, written by one person at a time: `version` counts the times it was
    saved. A child's section is about that child, and an agency that the child doesn't share with never has it (PS-1).
    """

    stands_at = "assessment_read"
    security = RowSecurity(read=Level.VIEW, write=Level.CONTRIBUTE, person=("person_id",))

    class Key(models.TextChoices):
        WHY_NOW = "why_now", "Why now"
        FAMILY_LIFE = "family_life", "Family life and who is around them"
        PARENTING = "parenting", "Looking after the children"
        HOME_MONEY_WORK = "home_money_work", "Home, money and work"
        HEALTH = "health", "Health and wellbeing"
        HELP_SO_FAR = "help_so_far", "Help so far"
        CHILD = "child", "A child"
        AGENCY = "agency", "What an agency knows"
        ANALYSIS = "analysis", "What we make of it"

    WORDS = ("voice", "worried", "working_well", "needs_to_happen")

    assessment = models.ForeignKey(Assessment, on_delete=models.CASCADE, related_name="sections")
    key = models.CharField(max_length=20, choices=Key)
    person = models.ForeignKey(Person, on_delete=models.CASCADE, null=True, related_name="+")
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, null=True, related_name="+")
    worried = models.TextField(max_length=LONGEST, blank=True)
    working_well = models.TextField(max_length=LONGEST, blank=True)
    needs_to_happen = models.TextField(max_length=LONGEST, blank=True)
    scale = models.PositiveSmallIntegerField(null=True, help_text="From 0 to 10: no worries, safe enough to close.")
    voice = models.TextField(max_length=LONGEST, blank=True, help_text="The child’s own words.")
    saved_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    saved_agency = models.ForeignKey(Agency, on_delete=models.PROTECT, null=True, related_name="+")
    saved_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["assessment", "key", "person", "agency"], name="section_once", nulls_distinct=False
            ),
            models.CheckConstraint(
                condition=(Q(key="child", person__isnull=False) | (~Q(key="child") & Q(person=None, voice="")))
                & (Q(key="agency", agency__isnull=False) | (~Q(key="agency") & Q(agency=None))),
                name="section_of_whom",
            ),
            models.CheckConstraint(condition=Q(scale=None) | Q(scale__lte=10), name="section_scale"),
            models.CheckConstraint(
                condition=Q(version=0) | Q(saved_by__isnull=False, saved_at__isnull=False), name="section_saved_by"
            ),
        ]

    def __str__(self) -> str:
        return f"section {self.pk}"

    @property
    def title(self) -> str:
        if self.key == self.Key.CHILD and self.person:
            return self.person.name
        if self.key == self.Key.AGENCY and self.agency:
            return f"What {self.agency} knows"
        return self.Key(self.key).label

    @property
    def saver(self) -> str:
        """Who saved it last, and for which agency."""
        return f"{self.saved_by} ({self.saved_agency})" if self.saved_agency else str(self.saved_by or "")

    @property
    def has_words(self) -> bool:
        """Whether anything stands in the three columns."""
        return bool(self.worried or self.working_well or self.needs_to_happen)
