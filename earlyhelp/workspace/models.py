"""How each family stands: what lists of families sort, filter and count by, kept beside it by the database."""

from django.conf import settings
from django.db import models
from django.db.models import Exists, F, OuterRef, Q

from consent.models import Agreement
from earlyhelp.access.levels import Level
from earlyhelp.access.models import Grant
from earlyhelp.access.reasons import that_own
from earlyhelp.access.rowsecurity import ME, Policies, granted
from earlyhelp.access.triggers import Projection, Refresh, projections, watched
from earlyhelp.accounts.models import Agency, Locality, Membership, User
from earlyhelp.core import clock
from earlyhelp.timescales.models import Timescale
from families.models import Episode, Family, Lead, Request
from families.models.episodes import stage_words
from plans.models import Review

projections.append(Projection("families’ lines in lists", "caseload_disagreements", "caseload_rebuild"))
MINE = f"workspace_savedfilter.user_id = {ME}"
FAMILIES = "caseload_refresh_families"
for model, key, columns in (
    (Family, "id", ("reference", "name", "locality_id")),
    (Episode, "family_id", ("id", "stage", "started_at", "ended_at", "first_contact_by_id", "first_contact_agency_id")),
    (Lead, "family_id", ("episode_id", "user_id", "agency_id", "status")),
    (Agreement, "family_id", ("id", "episode_id", "person_id", "decision", "until", "mistake_id")),
    (
        Timescale,
        "family_id",
        ("kind", "overseen", "due_at", "first_due_at", "met_at", "stopped_at"),
    ),
    (Request, "family_id", ("level_of_need", "received_at")),
    (Review, "family_id", ("finding", "held_at")),
):
    watched[model].append(Refresh(FAMILIES, key=key, watch=columns))
watched[Membership].append(
    Refresh("caseload_refresh_users", key="user_id", watch=("agency_id", "role", "ends_at")),
)
watched[User].append(Refresh("caseload_refresh_users", key="id", watch=("is_active", "name")))
watched[Agency].append(Refresh("caseload_refresh_agencies", key="group_ptr_id", watch=("is_open", "closes_at")))


# What may be without a lead, or without agreement, whatever the hour: the narrowest that an index can hold
OPEN = ~Q(stage=Episode.Stage.ENDED)
LEADERLESS = Q(works=False) | Q(works_until__isnull=False) | Q(leads=False)
DISAGREED = ~Q(stage=Episode.Stage.FIRST_CONTACT) & (
    Q(agreed__isnull=True) | Q(agreed=False) | Q(agreed_until__isnull=False)
)


class CaseloadQuerySet(models.QuerySet["CaseloadEntry"]):
    def of(self, user: User) -> "CaseloadQuerySet":
        """Those that stand on someone's own list: they lead, make the first contact, are on the team, or see it for some days."""
        own = Grant.objects.in_force().filter(
            user=user, family=OuterRef("pk"), reason__in=that_own(), level__gte=Level.BASIC
        )
        return self.filter(Exists(own))

    def open(self) -> "CaseloadQuerySet":
        return self.exclude(stage=Episode.Stage.ENDED)

    def late(self) -> "CaseloadQuerySet":
        return self.filter(late())

    def due_soon(self) -> "CaseloadQuerySet":
        return self.filter(due_soon())

    def without_lead(self) -> "CaseloadQuerySet":
        return self.filter(no_lead())

    def without_agreement(self) -> "CaseloadQuerySet":
        return self.filter(no_agreement())


def late() -> Q:
    return Q(next_due_at__lt=clock.now())


def due_soon() -> Q:
    """In the next 7 days, and not late yet."""
    return Q(next_due_at__gte=clock.now(), next_due_at__lt=clock.now() + clock.WEEK)


def no_lead() -> Q:
    """Open, and nobody runs it who still works there; past the first contact, nobody leads."""
    gone = Q(works=False) | Q(works_until__lte=clock.now())
    nobody = Q(leads=False) & ~Q(stage=Episode.Stage.FIRST_CONTACT)
    return ~Q(stage=Episode.Stage.ENDED) & (gone | nobody)


def no_agreement() -> Q:
    """Open, past the first contact, and the family does not agree, or not any more, or was not asked."""
    no = Q(agreed=None) | Q(agreed=False) | Q(agreed_until__lte=clock.now())
    return ~Q(stage__in=[Episode.Stage.ENDED, Episode.Stage.FIRST_CONTACT]) & no


class CaseloadEntry(models.Model):
    """What everyone who may know of a family may know of how it stands: a projection of `caseload_entry_current`, never the
    truth. `runner` leads, or makes the first contact; `works`, and until when, says whether they work there (still).
    `next_due_at` is the nearest open deadline of the support; `first_due_at`, when that was due before more time was given.
    """

    security = Policies(select=granted(Level.BASIC, family="workspace_caseloadentry.family_id"))

    family = models.OneToOneField(Family, on_delete=models.CASCADE, primary_key=True, related_name="entry")
    reference = models.CharField(max_length=20)
    name = models.CharField(max_length=150)
    locality = models.ForeignKey(Locality, on_delete=models.PROTECT, related_name="+")
    stage = models.CharField(max_length=20, choices=Episode.Stage)
    stage_order = models.SmallIntegerField(db_default=9, help_text="How far that is, from 0 for the first contact.")
    started_at = models.DateTimeField(null=True)
    runner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    runner_name = models.CharField(max_length=150, null=True, help_text="To sort by.")
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, null=True, related_name="+")
    leads = models.BooleanField()
    works = models.BooleanField()
    works_until = models.DateTimeField(null=True)
    agreed = models.BooleanField(null=True)
    agreed_until = models.DateTimeField(null=True)
    next_kind = models.CharField(max_length=30)
    next_due_at = models.DateTimeField(null=True)
    first_due_at = models.DateTimeField(null=True)

    objects = CaseloadQuerySet.as_manager()

    class Meta:
        ordering = [F("next_due_at").asc(nulls_last=True), "family"]
        indexes = [
            models.Index(fields=["next_due_at", "family"], name="caseload_by_due"),
            models.Index(fields=["name", "family"], name="caseload_by_name"),
            models.Index(fields=["stage_order", "family"], name="caseload_by_stage"),
            models.Index(fields=["runner_name", "family"], name="caseload_by_lead"),
            models.Index(fields=["agency", "runner"], name="caseload_open_of_agency", condition=OPEN),
            models.Index(fields=["stage", "next_due_at", "family"], name="caseload_of_stage"),
            models.Index(fields=["next_due_at", "family"], name="caseload_open_by_due", condition=OPEN),
            models.Index(fields=["runner_name", "family"], name="caseload_open_by_lead", condition=OPEN),
            models.Index(fields=["next_due_at", "family"], name="caseload_leaderless", condition=OPEN & LEADERLESS),
            models.Index(fields=["next_due_at", "family"], name="caseload_disagreed", condition=OPEN & DISAGREED),
        ]

    def __str__(self) -> str:
        return f"line of family {self.pk}"

    def get_absolute_url(self) -> str:
        return f"/families/{self.reference}/"

    @property
    def stage_words(self) -> str:
        """The stage, as the local procedure calls it."""
        return stage_words(self.stage)

    @property
    def is_open(self) -> bool:
        return self.stage != Episode.Stage.ENDED

    @property
    def works_now(self) -> bool:
        """Whether whoever runs the support still works there."""
        return self.works and (self.works_until is None or self.works_until > clock.now())

    @property
    def display_name(self) -> str:
        return f"{self.name} family"


class CaseloadDetail(models.Model):
    """What only those who lead, or oversee, may know: the level of need that the latest request says, and whether the last
    review of an open episode found no progress."""

    security = Policies(select=granted(Level.LEAD, family="workspace_caseloaddetail.family_id"))

    family = models.OneToOneField(Family, on_delete=models.CASCADE, primary_key=True, related_name="detail")
    level_of_need = models.CharField(max_length=10)
    no_progress = models.BooleanField()

    class Meta:
        ordering = ["family"]
        indexes = [
            models.Index(fields=["level_of_need", "family"], name="caseload_by_level"),
            models.Index(fields=["family"], name="caseload_no_progress", condition=Q(no_progress=True)),
        ]

    def __str__(self) -> str:
        return f"more of family {self.pk}"


class SavedFilter(models.Model):
    """A choice of families that someone gave a name, to come back to: what stands in the list's address, and no name of a
    family."""

    security = Policies(select=MINE, insert=MINE, update=MINE, delete=MINE)

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    name = models.CharField(max_length=60)
    chosen = models.JSONField()

    class Meta:
        ordering = ["name", "pk"]
        constraints = [models.UniqueConstraint(fields=["user", "name"], name="saved_filter_once")]

    def __str__(self) -> str:
        return self.name
