from typing import Self, TypeVar

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Exists, OuterRef

from earlyhelp.access.levels import Level
from earlyhelp.access.models import FamilyRecord
from earlyhelp.access.rowsecurity import RowSecurity
from earlyhelp.core import clock
from earlyhelp.core.versions import Versioned
from families.models.episodes import Episode
from families.models.people import Person

Fact = TypeVar("Fact", bound=models.Model)


class RetirableQuerySet(models.QuerySet[Fact]):
    def in_use(self) -> Self:
        """Those that can be used: of the family, or of people who are part of its help now."""
        in_use = models.Q(retired_on=None) | models.Q(retired_on__gt=clock.today())
        return self.filter(in_use, models.Q(person=None) | Exists(Person.objects.here().filter(pk=OuterRef("person"))))


class Retirable(Versioned, FamilyRecord):
    """Where, or how, someone is reached. One that isn't in use any more is gone from every page and print from that day on,
    and stays in history, with why."""

    retired_on = models.DateField(null=True)
    retired_because = models.CharField(max_length=10, blank=True, default="", db_default="")

    objects = RetirableQuerySet.as_manager()

    class Meta:
        abstract = True


class Address(Retirable):
    """Where someone lives. One marked *do not disclose* appears in no list, search result or print."""

    stands_at = "people"
    security = RowSecurity(read=Level.VIEW, write=Level.CONTRIBUTE, delete=Level.CONTRIBUTE, person=("person_id",))

    class Retired(models.TextChoices):
        MOVED = "moved", "They don’t live there any more"
        MISTAKE = "mistake", "It was recorded by mistake"

    person = models.ForeignKey(Person, on_delete=models.CASCADE, null=True, blank=True, related_name="addresses")
    lines = models.TextField(max_length=400)
    postcode = models.CharField(max_length=10, blank=True)
    do_not_disclose = models.BooleanField(default=False)

    class Meta:
        ordering = ["pk"]
        verbose_name_plural = "addresses"

    def __str__(self) -> str:
        return f"address {self.pk}"

    @property
    def postcode_words(self) -> str:
        """The postcode as it is written on a letter: "MX1 6FQ"."""
        return f"{self.postcode[:-3]} {self.postcode[-3:]}".strip()


class ContactDetail(Retirable):
    """A way to reach someone, and how to do it safely; None means that they weren't asked."""

    stands_at = "people"
    security = RowSecurity(read=Level.VIEW, write=Level.CONTRIBUTE, delete=Level.CONTRIBUTE, person=("person_id",))

    class Kind(models.TextChoices):
        PHONE = "phone", "Phone"
        EMAIL = "email", "E-mail"
        OTHER = "other", "Other"

    class Retired(models.TextChoices):
        UNSAFE = "unsafe", "It is not safe any more"
        CHANGED = "changed", "They don’t use it any more"
        MISTAKE = "mistake", "It was recorded by mistake"

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="contact_details")
    kind = models.CharField(max_length=10, choices=Kind)
    value = models.CharField(max_length=254)
    safe_times = models.CharField(max_length=200, blank=True)
    voicemail = models.BooleanField(null=True)
    text = models.BooleanField(null=True)
    who_may_answer = models.CharField(max_length=200, blank=True)
    must_not_know = models.CharField(max_length=200, blank=True)
    do_not_disclose = models.BooleanField(default=False, db_default=False)

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.kind} of {self.person_id}"


class ContactAttempt(FamilyRecord):
    """A try to reach the family, and whether it did (PS-2: contact *sought* meets the 72 hours)."""

    stands_at = "chronology"
    security = RowSecurity(read=Level.VIEW, write=Level.CONTRIBUTE, errors=True)

    class How(models.TextChoices):
        CALL = "call", "Phone call"
        VISIT = "visit", "Visit"
        MESSAGE = "message", "Text, e-mail or letter"
        MET = "met", "Met elsewhere"

    episode = models.ForeignKey(Episode, on_delete=models.CASCADE, related_name="contact_attempts")
    at = models.DateTimeField()
    how = models.CharField(max_length=10, choices=How)
    reached = models.BooleanField()
    whom = ArrayField(models.BigIntegerField(), default=list, db_default=[], blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    note = models.TextField(max_length=4000, blank=True)

    class Meta:
        ordering = ["-at", "-pk"]

    def __str__(self) -> str:
        return f"contact attempt {self.pk}"
