from django.conf import settings
from django.db import models
from django.db.models import Q

from earlyhelp.access.levels import Level
from earlyhelp.access.models import FamilyRecord
from earlyhelp.access.rowsecurity import RowSecurity
from earlyhelp.procedures.services import name_of
from families.models import Person
from plans.models.actions import Action
from plans.models.plans import Plan

GOES_ON = ("continue", "amend")


class Review(FamilyRecord):
    """One review of the plan: exactly one finding and one decision (WOR-10, WOR-11), and the next date or the end."""

    stands_at = "plan"
    security = RowSecurity(read=Level.VIEW, write=Level.LEAD)

    class How(models.TextChoices):
        MEETING = "meeting", "A meeting"
        PHONE = "phone", "By phone or video"
        NONE = "none", "No meeting: updates collected, and talked through with the family"

    class Finding(models.TextChoices):
        POSITIVE = "positive", "Positive change"
        NO_CHANGE = "no_change", "No change"
        DETERIORATION = "deterioration", "Deterioration, or concerns have increased"

    class Decision(models.TextChoices):
        CONTINUE = "continue", "Continue as is"
        AMEND = "amend", "Amend the plan"
        END_MET = "end_met", "End: needs fully met"
        END_SINGLE_AGENCY = "end_single_agency", "End: a single agency will meet the need"
        END_UNIVERSAL = "end_universal", "End: universal services only"

    class EndAgreed(models.TextChoices):
        ALL = "all", "The children, the family and the others at the review agree"
        TOO_YOUNG = "too_young", "The family and the others agree; the children are too young to say"
        NOT_ALL = "not_all", "Not everyone agrees"

    plan = models.ForeignKey(Plan, on_delete=models.CASCADE, related_name="reviews")
    held_at = models.DateTimeField()
    how = models.CharField(max_length=10, choices=How)
    finding = models.CharField(max_length=20, choices=Finding)
    decision = models.CharField(max_length=20, choices=Decision)
    family_views = models.TextField(max_length=4000, blank=True)
    child_voice = models.TextField(max_length=4000, blank=True)
    notes = models.TextField(max_length=8000, blank=True)
    next_review_on = models.DateField(null=True, blank=True)
    early_reason = models.TextField(max_length=1000, blank=True)
    no_progress_for = models.CharField(max_length=20, blank=True, default="", db_default="")
    unchanged_reason = models.TextField(max_length=1000, blank=True)
    end_agreed = models.CharField(max_length=10, choices=EndAgreed, blank=True, default="", db_default="")
    end_reason = models.TextField(max_length=1000, blank=True, default="", db_default="")
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["-held_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(finding__in=["positive", "no_change", "deterioration"]), name="review_has_a_finding"
            ),
            models.CheckConstraint(
                condition=Q(decision__in=GOES_ON, next_review_on__isnull=False)
                | Q(decision__in=["end_met", "end_single_agency", "end_universal"], next_review_on=None),
                name="review_goes_on_or_ends",
            ),
            models.CheckConstraint(
                condition=Q(end_agreed="") | ~Q(decision__in=GOES_ON), name="review_end_agreed_only_of_an_end"
            ),
            models.CheckConstraint(
                condition=~Q(end_agreed="not_all", end_reason=""), name="review_ends_without_all_for_a_reason"
            ),
        ]

    def __str__(self) -> str:
        return f"review {self.pk}"

    @property
    def no_progress_words(self) -> str:
        """Why things were no better, as the local procedure calls it, or called it when it had it."""
        return name_of("reasons.no_progress", self.no_progress_for) if self.no_progress_for else ""

    @property
    def ends(self) -> bool:
        return self.decision not in GOES_ON


class ReviewMove(FamilyRecord):
    """The next review was put on another day without being held (WOR-13). `number` is the review's, counted from 1."""

    stands_at = "plan"
    security = RowSecurity(read=Level.VIEW, write=Level.LEAD)

    plan = models.ForeignKey(Plan, on_delete=models.CASCADE, related_name="review_moves")
    number = models.PositiveSmallIntegerField()
    moved_from = models.DateField()
    moved_to = models.DateField()
    reason = models.TextField(max_length=1000)
    moved_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(condition=~Q(reason=""), name="review_move_has_a_reason"),
            models.CheckConstraint(condition=~Q(moved_to=models.F("moved_from")), name="review_move_moves"),
        ]

    def __str__(self) -> str:
        return f"review move {self.pk}"


class Attendance(FamilyRecord):
    """Who came to a review, sent apologies, or sent an update instead (MED-07, MED-08)."""

    stands_at = "plan"
    security = RowSecurity(read=Level.VIEW, write=Level.LEAD, person=("person_id",))

    class Status(models.TextChoices):
        CAME = "came", "Came"
        APOLOGIES = "apologies", "Sent apologies"
        UPDATE = "update", "Sent an update"
        ABSENT = "absent", "Not there"

    review = models.ForeignKey(Review, on_delete=models.CASCADE, related_name="attendances")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    person = models.ForeignKey(Person, on_delete=models.CASCADE, null=True, related_name="+")
    name = models.CharField(max_length=150, blank=True)
    status = models.CharField(max_length=10, choices=Status)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(user__isnull=False, person=None, name="")
                | Q(user=None, person__isnull=False, name="")
                | Q(Q(user=None, person=None), ~Q(name="")),
                name="attendance_of_one",
            ),
        ]

    def __str__(self) -> str:
        return f"attendance {self.pk}"


class ActionResult(FamilyRecord):
    """What an action had come to by a review. `person` and `about` are the action's, for who may read it."""

    stands_at = "plan"
    security = RowSecurity(read=Level.VIEW, write=Level.LEAD, person=("person_id", "about_id"))

    review = models.ForeignKey(Review, on_delete=models.CASCADE, related_name="results")
    action = models.ForeignKey(Action, on_delete=models.CASCADE, related_name="results")
    person = models.ForeignKey(Person, on_delete=models.CASCADE, null=True, related_name="+")
    about = models.ForeignKey(Person, on_delete=models.CASCADE, null=True, related_name="+")
    result = models.CharField(max_length=10, choices=Action.Status)
    note = models.CharField(max_length=500, blank=True)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["review", "action"], name="one_result_an_action"),
            models.CheckConstraint(condition=~Q(result="open"), name="result_is_one"),
        ]

    def __str__(self) -> str:
        return f"result {self.pk}"
