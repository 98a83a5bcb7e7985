from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from earlyhelp.access.levels import Level
from earlyhelp.access.models import FamilyRecord
from earlyhelp.access.rowsecurity import ME, Policies, RowSecurity, granted, triages, works
from earlyhelp.access.triggers import Refresh
from earlyhelp.accounts.models import Agency, Locality
from earlyhelp.core import clock
from families.models import Episode, Request

ROW = "stepdown_stepdown"


def _worker(row: str) -> str:
    """SQL: whoever asks steps the family down, or manages whoever does, and isn't kept from the family."""
    here = f"m.agency_id = {row}.agency_id"
    mine, manages = works(f"{here} AND m.role = 'social_worker'"), works(f"{here} AND m.role = 'manager'")
    kept = f"({row}.family_id IS NOT NULL AND access_kept_from({row}.family_id))"
    reads = granted(Level.VIEW, family=f"{row}.family_id")
    between = f"(NOT {row}.within OR {reads})"  # in one record, whoever reads it
    return f"(({row}.worker_id = {ME} AND {mine} OR {manages}) AND {between} AND NOT {kept})"


SUPPORTS = f"m.agency_id = {ROW}.agency_id AND m.role = 'business_support' AND m.supports_id = {ROW}.worker_id"
KEPT = f"({ROW}.family_id IS NOT NULL AND access_kept_from({ROW}.family_id))"
OPENED = f"({ROW}.opened_by_id = {ME} AND {ROW}.completed_at IS NULL AND {ROW}.stopped_at IS NULL AND {works(SUPPORTS)} AND NOT {KEPT})"
KNOWS = f"({ROW}.family_id IS NULL OR {granted(Level.BASIC, family=f'{ROW}.family_id')})"
AREA = f"coalesce((SELECT f.locality_id FROM families_family f WHERE f.id = {ROW}.family_id), {ROW}.locality_id)"
OFFICER = f"({triages(AREA)} AND {KNOWS} AND {ROW}.confirmed_at IS NOT NULL)"
FAMILYS = f"({ROW}.family_id IS NOT NULL AND {granted(Level.VIEW, family=f'{ROW}.family_id')})"
WORKERS = (
    "EXISTS (SELECT 1 FROM stepdown_stepdown s WHERE s.id = {table}.step_down_id AND s.completed_at IS NULL"
    " AND s.stopped_at IS NULL AND " + _worker("s") + ")"
)
# What social care itself recorded; what early help did is read by a grant, as far as the family shares
THEIR_OWN = (
    f"({WORKERS.format(table='stepdown_step')} AND (stepdown_step.code LIKE 'panel%' OR EXISTS ("
    "SELECT 1 FROM stepdown_stepdown d JOIN access_works_for w ON w.agency_id = d.agency_id"
    " WHERE d.id = stepdown_step.step_down_id AND w.user_id = stepdown_step.by_id)))"
)
# What one side of the panel said is read by the other
AT_PANEL = (
    "(stepdown_step.code LIKE 'panel%' AND EXISTS (SELECT 1 FROM families_family f WHERE f.id = stepdown_step.family_id AND "
    + triages("f.locality_id")
    + "))"
)


class StepDown(models.Model):
    """A family moves from social care to early help (DEV-06, ROT-10): whose it is, and where it stands. Its way to a family is
    that of a request. Read by its worker, their manager and whoever opened it for them; by the early help team of the area; and
    by whoever may read the family's record."""

    security = Policies(select=f"({_worker(ROW)} OR {OPENED} OR {OFFICER} OR {FAMILYS})")
    refreshes = Refresh(
        "access_refresh_families",
        key="family_id",
        watch=(
            "worker_id",
            "agency_id",
            "episode_id",
            "confirmed_at",
            "shared_at",
            "completed_at",
            "stopped_at",
            "within",
        ),
    )

    class Route(models.TextChoices):
        A = "a", "A: from an initial response, with a single assessment"
        B = "b", "B: from child in need, with a plan from its meeting"

    request = models.OneToOneField(Request, on_delete=models.CASCADE, related_name="step_down")
    reference = models.CharField(max_length=20, unique=True, editable=False, help_text="The request’s.")
    family = models.ForeignKey("families.Family", on_delete=models.CASCADE, null=True, related_name="+")
    episode = models.ForeignKey(Episode, on_delete=models.CASCADE, null=True, related_name="+")
    locality = models.ForeignKey(Locality, on_delete=models.PROTECT, related_name="+")
    worker = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="+")
    opened_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    opened_at = models.DateTimeField(default=clock.now)
    confirmed_at = models.DateTimeField(null=True, help_text="When its worker said that it is theirs.")
    found_at = models.DateTimeField(null=True, help_text="When the family was found or opened.")
    shared_at = models.DateTimeField(
        null=True, help_text="When the family, asked again, let social care read a record that was open before."
    )
    shared_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    within = models.BooleanField(
        default=False, db_default=False, help_text="Whether only the level of help changes, in one record (R1)."
    )
    route = models.CharField(max_length=1, choices=Route, blank=True)
    procedure = models.ForeignKey("procedures.Version", on_delete=models.PROTECT, null=True, related_name="+")
    open_since = models.DateTimeField(null=True, help_text="Since when the case may close to social care.")
    missing = ArrayField(models.CharField(max_length=20), default=list)
    completed_at = models.DateTimeField(null=True)
    completed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    told_then = ArrayField(
        models.CharField(max_length=300),
        default=list,
        db_default=[],
        help_text="Who had a message once it was complete.",
    )
    family_told = models.CharField(
        max_length=500, blank=True, default="", db_default="", help_text="How the family heard of it, from whom."
    )
    lead_then = models.CharField(max_length=300, blank=True, help_text="Who led when it was complete, and for whom.")
    stopped_at = models.DateTimeField(null=True)
    stopped_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    stopped_reason = models.TextField(max_length=2000, blank=True)

    class Meta:
        ordering = ["-opened_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["family"], condition=Q(completed_at=None, stopped_at=None), name="one_open_step_down"
            ),
            models.CheckConstraint(condition=Q(stopped_at=None) | ~Q(stopped_reason=""), name="step_down_stopped_for"),
            models.CheckConstraint(
                condition=Q(completed_at=None) | Q(episode__isnull=False), name="step_down_complete_has_episode"
            ),
        ]

    def __str__(self) -> str:
        return f"step-down {self.pk}"

    def get_absolute_url(self) -> str:
        return f"/step-downs/{self.reference}/"

    @property
    def is_open(self) -> bool:
        return self.completed_at is None and self.stopped_at is None


class Step(FamilyRecord):
    """What was done on the way, by whom and when; or why the step was left out; or the service manager's exception. What was
    taken back stays, out of force."""

    stands_at = "step_down_of"
    security = RowSecurity(read=Level.VIEW, write=Level.MANAGE, also=f"{THEIR_OWN} OR {AT_PANEL}")

    class How(models.TextChoices):
        DONE = "done", "Done"
        WITHOUT = "without", "Left out, for a reason"
        EXCEPTION = "exception", "Exception of the service manager"

    step_down = models.ForeignKey(StepDown, on_delete=models.CASCADE, related_name="steps")
    code = models.CharField(max_length=20)
    how = models.CharField(max_length=10, choices=How, default=How.DONE)
    on = models.DateField()
    present = models.CharField(max_length=500, blank=True, help_text="Who was there, or was told.")
    words = models.TextField(max_length=4000, blank=True)
    together = models.BooleanField(default=True, help_text="Of a visit: whether both went.")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=clock.now)
    undone_at = models.DateTimeField(null=True)
    undone_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    undone_reason = models.TextField(max_length=1000, blank=True)

    class Meta:
        ordering = ["at", "pk"]
        constraints = [
            models.CheckConstraint(condition=Q(how="done") | ~Q(words=""), name="step_left_out_for_a_reason"),
            models.CheckConstraint(condition=Q(undone_at=None) | ~Q(undone_reason=""), name="step_undone_for_a_reason"),
            models.CheckConstraint(
                condition=~Q(how="exception") | ~Q(code__in=["agreement", "lead", "opened"]),
                name="no_exception_from_these",
            ),
        ]

    def __str__(self) -> str:
        return f"step {self.pk}"


class GateChange(FamilyRecord):
    """The gate opened, or closed again: when, and what was missing then (DEV-20)."""

    security = RowSecurity(read=Level.VIEW, write=Level.MANAGE, also=WORKERS.format(table="stepdown_gatechange"))

    step_down = models.ForeignKey(StepDown, on_delete=models.CASCADE, related_name="gate_changes")
    opened = models.BooleanField()
    at = models.DateTimeField(default=clock.now)
    missing = ArrayField(models.CharField(max_length=20), default=list)

    class Meta:
        ordering = ["at", "pk"]

    def __str__(self) -> str:
        return f"gate change {self.pk}"
