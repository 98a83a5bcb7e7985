from calendar import monthrange
from datetime import date
from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db import models

from earlyhelp.access.levels import Level
from earlyhelp.access.models import FamilyRecord
from earlyhelp.access.rowsecurity import RowSecurity
from earlyhelp.core import clock
from earlyhelp.core.versions import Versioned
from families.models.errors import FiledInError


class PersonQuerySet(models.QuerySet["Person"]):
    def of(self, family: Any) -> "PersonQuerySet":
        """Whoever is or was of a family, eldest first: not who was added by mistake."""
        gone = FiledInError.objects.filter(table_name=Person._meta.db_table, family=family)
        return self.filter(family=family).exclude(pk__in=gone.values("row_id")).order_by("date_of_birth", "pk")

    def here(self) -> "PersonQuerySet":
        """Those who are part of a family's help now: not who died or left."""
        return self.filter(models.Q(left_on=None) | models.Q(left_on__gt=clock.today()))


class Person(Versioned, FamilyRecord):
    """Someone in the family's life, at home or elsewhere. Belongs to one family. Who died or left is gone from forms, lists of
    readers, letters and prints from that day on, and stays in history; who was never part of it is out of everyone's sight
    (`FiledInError`)."""

    security = RowSecurity(read=Level.BASIC, write=Level.CONTRIBUTE, person=("id",), errors=True)

    class Kind(models.TextChoices):
        CHILD = "child", "Child or young person"
        ADULT = "adult", "Adult"
        UNBORN = "unborn", "Unborn child"

    class Born(models.TextChoices):
        EXACT = "exact", "Known"
        MONTH = "month", "Month and year known"
        YEAR = "year", "Year known or estimated"
        UNKNOWN = "unknown", "Not known"

    class Home(models.TextChoices):
        HERE = "here", "Lives with the family"
        SOMETIMES = "sometimes", "Lives here some of the time"
        ELSEWHERE = "elsewhere", "Lives elsewhere"

    class Left(models.TextChoices):
        DIED = "died", "They died"
        LEFT = "left", "They are not part of this family’s help any more"

    kind = models.CharField(max_length=10, choices=Kind)
    first_name = models.CharField(max_length=100, blank=True)
    last_name = models.CharField(max_length=100, blank=True)
    known_as = models.CharField(max_length=100, blank=True)
    other_names = ArrayField(models.CharField(max_length=150), default=list, blank=True)
    date_of_birth = models.DateField(null=True, blank=True)
    born = models.CharField(max_length=10, choices=Born, default=Born.EXACT)
    due_date = models.DateField(null=True, blank=True)
    gender = models.CharField(max_length=80, blank=True)
    home = models.CharField(max_length=10, choices=Home, default=Home.HERE)
    left_on = models.DateField(null=True, editable=False)
    left_because = models.CharField(max_length=10, choices=Left, blank=True, default="", db_default="", editable=False)
    leaving = models.UUIDField(null=True, editable=False, help_text="Marks what was recorded because they left.")

    objects = PersonQuerySet.as_manager()

    class Meta:
        ordering = ["family", "date_of_birth", "pk"]
        verbose_name_plural = "people"

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        """The full name, or what there is of it."""
        full = f"{self.first_name} {self.last_name}".strip() if self.first_name else ""
        if self.kind == self.Kind.UNBORN:
            return full or unborn_name(self.due_date)
        return full or self.last_name or self.known_as or "Name not known"

    @property
    def short_name(self) -> str:
        nameless = "the unborn baby" if self.kind == self.Kind.UNBORN else self.name
        return self.known_as or self.first_name or nameless

    @property
    def speaks(self) -> bool:
        """Whether they can be asked what they say: not before they are born."""
        return self.kind != self.Kind.UNBORN

    @property
    def born_words(self) -> str:
        """The date of birth as far as it is known, or the due date."""
        if self.kind == self.Kind.UNBORN:
            return f"due {self.due_date:%-d %B %Y}" if self.due_date else "due date not known"
        if not self.date_of_birth or self.born == self.Born.UNKNOWN:
            return "date of birth not known"
        return {
            self.Born.EXACT: f"born {self.date_of_birth:%-d %B %Y}",
            self.Born.MONTH: f"born {self.date_of_birth:%B %Y}",
            self.Born.YEAR: f"born about {self.date_of_birth:%Y}",
        }[self.Born(self.born)]

    def age(self, on: date | None = None) -> int | None:
        """Whole years on a day (today), or None while the date of birth isn't known; a part date counts from its start."""
        if not self.date_of_birth or self.born == self.Born.UNKNOWN:
            return None
        on = on or clock.today()
        born = self.date_of_birth
        return on.year - born.year - ((on.month, on.day) < (born.month, born.day))

    def is_at_least(self, age: int) -> bool:
        """Whether they are so old today for certain: of a part date, whatever the day was."""
        born = self.born_range
        return born is not None and (clock.today().year - age, clock.today().month, clock.today().day) >= (
            born[1].year, born[1].month, born[1].day,
        )  # fmt: skip

    @property
    def born_range(self) -> tuple[date, date] | None:
        """The first and the last day on which they may have been born, as far as that is known."""
        first = self.date_of_birth
        if not first or self.born == self.Born.UNKNOWN:
            return None
        if self.born == self.Born.EXACT:
            return first, first
        if self.born == self.Born.YEAR:
            return date(first.year, 1, 1), date(first.year, 12, 31)
        return first.replace(day=1), first.replace(day=monthrange(first.year, first.month)[1])

    @property
    def has_left(self) -> bool:
        return self.left_on is not None and self.left_on <= clock.today()

    @property
    def left_words(self) -> str:
        """Why and since when they are not here any more: "died 3 November 2026"; empty while they are."""
        if self.left_on is None:
            return ""
        why = "died" if self.left_because == self.Left.DIED else "not part of this family’s help since"
        return f"{why} {self.left_on:%-d %B %Y}"

    @property
    def summary(self) -> str:
        """What a line about them says after the name: "child or young person, born 9 June 2017, age 9"."""
        known = self.kind != self.Kind.UNBORN and self.age() is not None
        age = f", age {self.age_words}" if known else ""
        return f"{self.get_kind_display().lower()}, {self.born_words}{age}"

    @property
    def age_words(self) -> str:
        age = self.age()
        if age is None:
            return "age not known"
        if age == 0:
            return "under 1"
        return f"about {age}" if self.born != self.Born.EXACT else f"{age}"


def unborn_name(due: date | None) -> str:
    """What a child is called who has no name yet."""
    return f"Unborn baby, due in {due:%B %Y}" if due else "Unborn baby, due date not known"


class PersonDetails(Versioned, FamilyRecord):
    """What is known of a person beyond who they are: for those who may know more than basic information."""

    stands_at = "people"
    security = RowSecurity(read=Level.VIEW, write=Level.CONTRIBUTE, person=("person_id",))

    person = models.OneToOneField(Person, on_delete=models.CASCADE, related_name="details")
    language = models.CharField(max_length=80, blank=True)
    interpreter = models.BooleanField(default=False)
    access_needs = models.TextField(max_length=2000, blank=True)
    school = models.CharField(max_length=150, blank=True)
    gp = models.CharField(max_length=150, blank=True)
    ethnicity = models.CharField(max_length=80, blank=True)
    religion = models.CharField(max_length=80, blank=True)
    disability = models.CharField(max_length=80, blank=True, default="", db_default="")
    nhs_number = models.CharField(max_length=20, blank=True, default="", db_default="")
    upn = models.CharField(max_length=20, blank=True, default="", db_default="")
    notes = models.TextField(max_length=4000, blank=True)

    class Meta:
        ordering = ["pk"]
        verbose_name_plural = "person details"

    def __str__(self) -> str:
        return f"details of {self.person_id}"

    @property
    def more(self) -> list[tuple[str, str]]:
        """What they said of themselves, or why there is no answer, each with what it is called."""
        nhs = (
            self.nhs_number
            if not self.nhs_number.isdigit()
            else f"{self.nhs_number[:3]} {self.nhs_number[3:6]} {self.nhs_number[6:]}"
        )
        found = (
            ("Ethnicity", self.ethnicity),
            ("Disability", self.disability),
            ("NHS number", nhs),
            ("Unique pupil number", self.upn),
        )
        return [(label, answer) for label, answer in found if answer]


class Relationship(FamilyRecord):
    """How one person is related to another, and whether they have parental responsibility for them."""

    stands_at = "people"
    security = RowSecurity(
        read=Level.VIEW, write=Level.CONTRIBUTE, delete=Level.CONTRIBUTE, person=("person_id", "to_person_id")
    )

    class Responsibility(models.TextChoices):
        YES = "yes", "Yes"
        NO = "no", "No"
        UNKNOWN = "unknown", "Not known"

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="relationships")
    to_person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="relationships_to")
    kind = models.CharField(max_length=60)
    parental_responsibility = models.CharField(max_length=10, choices=Responsibility, default=Responsibility.UNKNOWN)
    right_because = models.CharField(
        max_length=300, blank=True, default="", db_default="", help_text="Why it is right, though it looks odd."
    )

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["person", "to_person"], name="relationship_once"),
            models.CheckConstraint(condition=~models.Q(person=models.F("to_person")), name="related_to_someone_else"),
        ]

    def __str__(self) -> str:
        return f"{self.person_id} {self.kind} {self.to_person_id}"
