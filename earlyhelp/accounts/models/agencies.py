from datetime import datetime
from typing import ClassVar

from django.conf import settings
from django.contrib.auth.models import Group
from django.db import models
from django.db.models import Q

from earlyhelp.core import clock


class Locality(models.Model):
    """An area of the council with its own front door and co-ordinator, whose post may be vacant (MED-09, MED-10)."""

    name = models.CharField(max_length=100, unique=True)
    coordinator_name = models.CharField(max_length=150, blank=True)
    coordinator_phone = models.CharField(max_length=40, blank=True)
    coordinator_email = models.EmailField(blank=True)

    class Meta:
        ordering = ["name"]
        verbose_name_plural = "localities"

    def __str__(self) -> str:
        return self.name

    @property
    def coordinator(self) -> str:
        """Who to speak to, in words; says so when nobody holds the post."""
        if not self.coordinator_name:
            return f"the early help team for {self.name} (the co-ordinator’s post is vacant)"
        return f"{self.coordinator_name}, {self.coordinator_phone}".rstrip(", ")


class District(models.Model):
    """A postcode district, or part of one, and the locality that it lies in: "MX1", "MX1 2"."""

    code = models.CharField(max_length=8, unique=True)
    locality = models.ForeignKey(Locality, on_delete=models.CASCADE, related_name="districts")

    class Meta:
        ordering = ["code"]

    def __str__(self) -> str:
        return self.code

    @classmethod
    def locality_of(cls, postcode: str) -> Locality | None:
        """Where a whole postcode lies, by the longest district that it begins with; None when no list says."""
        plain = "".join(postcode.upper().split())
        if len(plain) < 5:
            return None
        sector = f"{plain[:-3]} {plain[-3]}"
        rows = {
            row.code: row.locality
            for row in cls.objects.filter(code__in=[plain[:-3], sector]).select_related("locality")
        }
        return rows.get(sector) or rows.get(plain[:-3])


class Agency(Group):
    """A partner that families may share with. A group, so that django-guardian can hold what it may know."""

    class Kind(models.TextChoices):
        SCHOOL = "school", "School"
        EARLY_YEARS = "early_years", "Early years"
        HEALTH = "health", "Health"
        POLICE = "police", "Police"
        HOUSING = "housing", "Housing"
        YOUTH = "youth", "Youth service"
        VOLUNTARY = "voluntary", "Voluntary organisation"
        ADULT = "adult", "Adult services"
        EARLY_HELP = "early_help", "Council early help"
        SOCIAL_CARE = "social_care", "Children’s social care"

    kind = models.CharField(max_length=20, choices=Kind)
    locality = models.ForeignKey(Locality, on_delete=models.PROTECT, null=True, blank=True, related_name="agencies")
    address = models.TextField(max_length=400, blank=True, default="", db_default="")
    phone = models.CharField(max_length=40, blank=True)
    email = models.EmailField(blank=True)
    is_open = models.BooleanField(default=True)
    closes_at = models.DateTimeField(
        null=True, help_text="When it closes by itself: until then its work is handed over."
    )

    objects: ClassVar[models.Manager["Agency"]] = models.Manager()  # type: ignore[assignment]

    class Meta:
        ordering = ["name"]
        verbose_name_plural = "agencies"


class Team(models.Model):
    agency = models.ForeignKey(Agency, on_delete=models.CASCADE, related_name="teams")
    name = models.CharField(max_length=100)

    class Meta:
        ordering = ["agency", "name"]
        constraints = [models.UniqueConstraint(fields=["agency", "name"], name="team_name_once_per_agency")]

    def __str__(self) -> str:
        return self.name


class Role(models.TextChoices):
    PRACTITIONER = "practitioner", "Practitioner"
    MANAGER = "manager", "Manager"
    LOCALITY_OFFICER = "locality_officer", "Locality officer"
    SERVICE_MANAGER = "service_manager", "Early help service manager"
    BUSINESS_SUPPORT = "business_support", "Business support"
    SOCIAL_WORKER = "social_worker", "Social worker"
    AUDITOR = "auditor", "Partnership auditor"
    ADMINISTRATOR = "administrator", "Service administrator"


class MembershipQuerySet(models.QuerySet["Membership"]):
    def current(self, at: datetime | None = None) -> "MembershipQuerySet":
        at = at or clock.now()
        return self.filter(Q(ends_at=None) | Q(ends_at__gt=at))


class Membership(models.Model):
    """Someone works for an agency in a role; a locality officer in one locality a row, business support for one worker."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="memberships")
    agency = models.ForeignKey(Agency, on_delete=models.CASCADE, related_name="memberships")
    team = models.ForeignKey(Team, on_delete=models.SET_NULL, null=True, blank=True)
    role = models.CharField(max_length=20, choices=Role)
    locality = models.ForeignKey(Locality, on_delete=models.CASCADE, null=True, blank=True)
    supports = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, null=True, blank=True, related_name="supported_by"
    )
    ends_at = models.DateTimeField(null=True, blank=True)
    administrators_end = models.BooleanField(
        default=False,
        db_default=False,
        help_text="A service administrator said when it ends: no manager gives it again.",
    )
    hours_to_lead = models.PositiveSmallIntegerField(
        "hours a week to lead families", null=True, blank=True, help_text="The load isn’t a count of families (MID-05)."
    )

    objects = MembershipQuerySet.as_manager()

    class Meta:
        ordering = ["user", "agency", "role"]
        constraints = [
            models.UniqueConstraint(
                fields=["user", "agency", "role", "locality", "supports"],
                name="membership_once",
                nulls_distinct=False,
            ),
            models.CheckConstraint(
                condition=~Q(role=Role.LOCALITY_OFFICER) | Q(locality__isnull=False),
                name="locality_officer_has_locality",
            ),
            models.CheckConstraint(
                condition=~Q(role=Role.BUSINESS_SUPPORT) | Q(supports__isnull=False),
                name="business_support_names_worker",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_role_display()}, {self.agency_id}"


class CoverQuerySet(models.QuerySet["Cover"]):
    def current(self) -> "CoverQuerySet":
        return self.filter(until__gt=clock.now())


class Cover(models.Model):
    """Someone stands in for a colleague who is away: they see and do what the colleague does for the families that they lead
    for the agency, from now until a day."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="covers")
    covered = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="covered_by")
    agency = models.ForeignKey(Agency, on_delete=models.CASCADE, related_name="+")
    until = models.DateTimeField()
    given_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")

    objects = CoverQuerySet.as_manager()

    class Meta:
        ordering = ["until", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["user", "covered", "agency"], name="cover_once"),
            models.CheckConstraint(condition=~Q(user=models.F("covered")), name="nobody_covers_themselves"),
        ]

    def __str__(self) -> str:
        return f"cover of {self.covered_id} by {self.user_id}"
