from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from earlyhelp.access.views import FamilyView
from earlyhelp.govuk.forms import GovukForm
from families.presenters import whom_not_to_write_about
from plans import policies, services
from plans.forms.review import MoveReviewForm, ReviewForm
from plans.models import ActionResult, Attendance, Plan, Review
from plans.presenters import agencies_by_user, blocks
from plans.views.plan import PlanPage, review_time


class MoveReview(PlanPage):
    action = policies.MOVE_REVIEW
    form_class = MoveReviewForm
    title = "Move the next review"
    submit_text = "Move the review"
    success = "The review is moved, and the team is told. Tell the family."

    def load(self, **kwargs: Any) -> None:
        super().load(**kwargs)
        if self.plan and self.plan.next_review_on:
            self.lede = f"It is arranged for {self.plan.next_review_on:%-d %B %Y}."

    def form_kwargs(self) -> dict[str, Any]:
        last = services.last_day(self.plan, Review.objects.filter(plan=self.plan).count() + 1)
        return {"arranged": self.plan.next_review_on, "last": last}

    def initial(self) -> dict[str, Any]:
        return {"arrangements": self.plan.arrangements}

    def save(self, form: MoveReviewForm) -> str:
        services.move_review(plan=self.plan, said=form.said(), actor=self.user)
        return self.back_url()


class PickUp(PlanPage):
    action = policies.PICK_UP
    form_class = GovukForm
    title = "Pick the plan up again"
    lede = "It goes on as it was: its outcomes, its actions, and the day of its review."
    submit_text = "Pick it up"
    success = "The plan goes on."
    keeps_draft = False

    def save(self, form: GovukForm) -> str:
        services.pick_up(episode=self.plan.episode)
        return self.back_url()


class HoldReview(PlanPage):
    action = policies.REVIEW
    form_class = ReviewForm
    title = "Record a review"
    submit_text = "Record the review"
    success = "The review is recorded."

    def form_kwargs(self) -> dict[str, Any]:
        lines = [line for block in blocks(self.plan) for line in block.lines if line.action.is_open]
        return {
            "people": list(self.family.people()),
            "team": self.team(),
            "lines": lines,
            "now": services.review_now(self.plan, recorder=self.user),
            "within": review_time(),
            "warnings": whom_not_to_write_about(self.family, self.asker),
        }

    def save(self, form: ReviewForm) -> str:
        review = services.hold_review(plan=self.plan, said=form.said(), actor=self.user)
        return reverse("review", args=[self.family.reference, review.pk])


class ShowReview(FamilyView):
    """One review: who came, what was said, what the actions came to, what was found and decided."""

    action = policies.SEE
    template_name = "plans/review.html"

    def get(self, request: HttpRequest, reference: str, pk: int) -> HttpResponse:
        review: Review = self.row(Review, pk=pk)
        agencies = agencies_by_user(Plan.objects.select_related("episode").get(pk=review.plan_id))
        attendances = Attendance.objects.filter(review=review).select_related("user", "person")
        results = ActionResult.objects.filter(review=review).select_related("action__user", "action__person")
        return self.page(
            review=review,
            attendances=[(row, agencies.get(row.user_id or 0, "")) for row in attendances],
            results=results,
            may_change=self.may(policies.CHANGE),
        )
