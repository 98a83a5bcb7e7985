from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db import models

from earlyhelp.access.levels import Level
from earlyhelp.access.models import FamilyRecord
from earlyhelp.access.rowsecurity import RowSecurity
from earlyhelp.access.triggers import Refresh
from earlyhelp.accounts.models import Locality
from earlyhelp.core import clock
from earlyhelp.core.prepared import Prepared
from families.models.episodes import Episode
from families.models.people import Person, PersonQuerySet
from families.references import new_reference

EPISODE = Prepared(
    lambda family: (
        Episode.objects.filter(family=family)
        .select_related("first_contact_by", "first_contact_agency", "overseer")
        .order_by(models.F("ended_at").desc(nulls_first=True))[:1]
    )
)


class Family(models.Model):
    """The people who get early help together. `Family.objects.all()` is the list of those that the asker may know of."""

    security = RowSecurity(read=Level.BASIC, write=Level.LEAD, family="id")
    refreshes = Refresh("access_refresh_families", key="id", watch=("restricted", "locality_id"))

    reference = models.CharField(max_length=20, unique=True, default=new_reference, editable=False)
    name = models.CharField(max_length=150, help_text="The name that the family goes by, such as “Okafor”.")
    locality = models.ForeignKey(Locality, on_delete=models.PROTECT, related_name="+")
    restricted = models.BooleanField(default=False)
    created_at = models.DateTimeField(default=clock.now, editable=False)

    class Meta:
        ordering = ["name", "pk"]
        verbose_name_plural = "families"
        permissions = [("basic", "May know basic information"), ("additional", "May know additional information")]

    def __str__(self) -> str:
        return self.reference

    def get_absolute_url(self) -> str:
        return f"/families/{self.reference}/"

    @property
    def display_name(self) -> str:
        return f"{self.name} family"

    def people(self) -> PersonQuerySet:
        """The people of the family now whom the asker may know of, eldest first: for forms, letters, prints and lists."""
        return self.everyone().here()

    def everyone(self) -> PersonQuerySet:
        """Also who died or left: for the names in what was recorded while they were here."""
        return Person.objects.of(self)

    def episode(self) -> Episode | None:
        """The open episode, else the latest that ended."""
        return EPISODE.first(self)


class AreaMove(FamilyRecord):
    """From which day on a family belongs to another area, and why; not yet while `done_at` is empty."""

    stands_at = "people"
    security = RowSecurity(read=Level.BASIC, write=Level.LEAD)

    moved_from = models.ForeignKey(Locality, on_delete=models.PROTECT, related_name="+")
    moved_to = models.ForeignKey(Locality, on_delete=models.PROTECT, related_name="+")
    moved_on = models.DateField()
    because = models.TextField(max_length=1000)
    done_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-pk"]

    def __str__(self) -> str:
        return f"area move {self.pk}"


class ConnectedUser(FamilyRecord):
    """Someone who knows the family privately, and so never sees the record, whatever their work."""

    security = RowSecurity(read=Level.MANAGE, write=Level.MANAGE, delete=Level.MANAGE)
    refreshes = Refresh("access_refresh_families", key="family_id", watch=("user_id",))

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["family", "user"], name="connected_once"),
        ]

    def __str__(self) -> str:
        return f"{self.user_id} {self.family_id}"


class SearchKey(FamilyRecord):
    """One way to find a person, or (without one) a family by its name: row security lets an index be used for equality only, so
    search matches whole keys. What a name may be written like, KnownWord says."""

    security = RowSecurity(
        read=Level.BASIC,
        write=Level.CONTRIBUTE,
        delete=Level.CONTRIBUTE,
        person=("person_id",),
        deeper="kind = 'postcode'",
        history=False,
    )

    class Kind(models.TextChoices):
        NAME = "name"
        BORN = "born"
        POSTCODE = "postcode"

    person = models.ForeignKey("families.Person", on_delete=models.CASCADE, related_name="search_keys", null=True)
    kind = models.CharField(max_length=10, choices=Kind)
    key = models.CharField(max_length=80)

    class Meta:
        ordering = ["pk"]
        indexes = [models.Index(fields=["kind", "key", "family", "person"], name="search_key_of")]

    def __str__(self) -> str:
        return f"{self.kind} {self.key}"


class KnownWord(models.Model):
    """A word of any name, whosever: what a search may mean by a word that is misspelt, a part, or written as it sounds. It says
    of nobody that they are known: it is read by `families.services.names` alone, and whom one finds by it row security says.
    """

    word = models.CharField(max_length=80, primary_key=True)
    spelt = models.TextField(help_text="In letters of which any database makes trigrams (families.search.spelt).")
    sounds = ArrayField(models.CharField(max_length=80))

    class Meta:
        ordering = ["word"]
        indexes = [
            GinIndex(OpClass("spelt", name="gin_trgm_ops"), name="known_word_like"),
            GinIndex(fields=["sounds"], name="known_word_sounds"),
        ]

    def __str__(self) -> str:
        return self.word
