from django.contrib.postgres.fields import ArrayField
from django.db import models
from guardian.models import GroupObjectPermissionBase

from consent.models.mistakes import Said
from earlyhelp.access.levels import Level
from earlyhelp.access.rowsecurity import Policies, RowSecurity, granted
from earlyhelp.access.triggers import Refresh, watched
from earlyhelp.accounts.models import Agency
from families.models import Family, Person


class Tier(models.IntegerChoices):
    """How much an agency may know of a person."""

    NONE = 0, "Nothing"
    BASIC = 1, "Basic information"
    ADDITIONAL = 2, "Basic and additional information"


class SharingChoice(Said):
    """The ledger: what one person lets one agency know, from when, until when. Rows are added, never changed; the
    latest of a person and agency counts, and no row means nothing (ROT-16, domain 3.2)."""

    security = RowSecurity(read=Level.VIEW, write=Level.LEAD, person=("person_id",))
    refreshes = Refresh(
        "consent_refresh_families",
        key="family_id",
        watch=("id", "person_id", "agency_id", "tier", "ends_at", "mistake_id"),
    )

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="sharing_choices")
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="+")
    tier = models.PositiveSmallIntegerField(choices=Tier)
    never = models.BooleanField(default=False)
    decided_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    decided_on = models.DateField(null=True, blank=True)
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField(null=True, blank=True)
    review_on = models.DateField(null=True, blank=True)

    class Meta:
        ordering = ["-pk"]
        indexes = [models.Index(fields=["family", "person", "agency", "-id"], name="sharing_latest")]
        constraints = [
            models.CheckConstraint(condition=~models.Q(never=True) | models.Q(tier=0), name="never_means_nothing"),
        ]

    def __str__(self) -> str:
        return f"sharing choice {self.pk}"

    @property
    def words(self) -> str:
        return "Never share" if self.never else Tier(self.tier).label


# Whoever joins a family is withheld from agencies until somebody decides about them
watched[Person].append(Refresh("consent_refresh_families", key="family_id", watch=("id",)))


class AgencyPermission(GroupObjectPermissionBase):
    """What an agency may know of a family, until when, and of whom it mustn't know: follows from the ledger, by trigger.

    One row for each moment at which a choice runs out: each says what holds until then. Someone who was never asked is
    withheld like someone who refused, but not from those who run the family's support and are to ask them.
    """

    security = Policies(select=granted(Level.VIEW, family="consent_agencypermission.content_object_id"))
    refreshes = Refresh(
        "access_refresh_families",
        key="content_object_id",
        watch=(
            "group_id",
            "permission_id",
            "until",
            "withheld",
            "withheld_beyond_basic",
            "refused",
            "refused_beyond_basic",
        ),
    )

    content_object = models.ForeignKey(Family, on_delete=models.CASCADE, related_name="agency_permissions")
    until = models.DateTimeField(null=True)
    withheld = ArrayField(models.BigIntegerField(), default=list)
    withheld_beyond_basic = ArrayField(models.BigIntegerField(), default=list)
    refused = ArrayField(models.BigIntegerField(), default=list)
    refused_beyond_basic = ArrayField(models.BigIntegerField(), default=list)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["content_object", "group", "permission", "until"],
                name="agency_permission_once",
                nulls_distinct=False,
            ),
        ]

    def __str__(self) -> str:
        return f"{self.group_id} {self.content_object_id}"
