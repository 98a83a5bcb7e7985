from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse

from consent.views.printing import PrintPage
from earlyhelp.access.views import FamilyView
from earlyhelp.core import clock
from earlyhelp.core.dates import is_working_day
from earlyhelp.core.prepared import Prepared
from earlyhelp.govuk.components import TimelineItem
from earlyhelp.timescales import services as timescales
from plans import policies, services
from plans.clocks import REVIEW
from plans.forms import plan as forms
from plans.models import Meeting, Plan, Review, ReviewMove
from plans.presenters import blocks, by_name
from plans.printing import family_copy
from plans.views.outcomes import PlanPage


def review_time() -> str:
    """How long until a review, in words: "6 weeks"."""
    return REVIEW.rule.words


MEETINGS = Prepared(lambda family: Meeting.objects.filter(family=family))
REVIEWS = Prepared(lambda plan: Review.objects.filter(plan=plan).select_related("recorded_by"))
MOVES = Prepared(lambda plan, number: ReviewMove.objects.filter(plan=plan, number=number).select_related("moved_by"))


class ShowPlan(FamilyView):
    """What will be better, who does what by when, the next review, and the reviews held so far."""

    action = policies.SEE
    template_name = "plans/plan.html"

    def get(self, request: HttpRequest, reference: str) -> HttpResponse:
        if self.asker.by_name:
            return self.page(blocks=by_name(self.family), may={})
        plan = policies.plan_of(self.case)
        may = {name: self.may(rule) for name, rule in RULES.items()}
        meetings = MEETINGS(self.family)
        if plan is None:
            return self.page(plan=None, may=may, within=review_time(), meetings=meetings)
        reviews = REVIEWS(plan)
        shown = blocks(plan)
        next_on = plan.next_review_on
        return self.page(
            plan=plan,
            may=may,
            within=review_time(),
            meetings=meetings,
            blocks=shown,
            overdue=sum(line.action.is_overdue for block in shown for line in block.lines),
            clock=timescales.clock_of(REVIEW, plan, number=len(reviews) + 1),
            moves=MOVES(plan, len(reviews) + 1),
            off_day=next_on is not None and not is_working_day(next_on),
            reviews=[_on_timeline(review, self.family.reference) for review in reviews],
            missing=services.missing(plan) if plan.status == Plan.Status.DRAFT and not plan.episode.ended_at else [],
        )


RULES = {
    "change": policies.CHANGE,
    "remove": policies.REMOVE,
    "remove_outcome": policies.REMOVE_OUTCOME,
    "agree": policies.AGREE,
    "review": policies.REVIEW,
    "move_review": policies.MOVE_REVIEW,
    "pick_up": policies.PICK_UP,
    "arrange_meeting": policies.ARRANGE_MEETING,
}


def _on_timeline(review: Review, reference: str) -> TimelineItem:
    return TimelineItem(
        review.get_finding_display(),
        review.held_at,
        review.recorded_by.name,
        review.get_decision_display(),
        reverse("review", args=[reference, review.pk]),
    )


class AgreePlan(PlanPage):
    action = policies.AGREE
    form_class = forms.AgreeForm
    template_name = "plans/agree.html"
    title = "Agree the plan with the family"
    submit_text = "The plan is agreed"
    success = "The plan is agreed. Print the family’s copy, and give it to those with whom the family shares it."

    def context(self) -> dict[str, Any]:
        return super().context() | {"missing": services.missing(self.plan)}

    def form_kwargs(self) -> dict[str, Any]:
        started_at = self.plan.episode.started_at
        return {"within": review_time(), "time": services.review_time(), "started_at": started_at}

    def initial(self) -> dict[str, Any]:
        return {"agreed_on": clock.today()}

    def save(self, form: forms.AgreeForm) -> str:
        services.agree(plan=self.plan, said=form.said(), actor=self.user)
        return self.back_url()


class PrintPlan(PrintPage):
    """The family's own copy, as a PDF."""

    action = policies.PRINT
    what = "The plan"

    def find(self) -> None:
        plan = policies.plan_of(self.case)
        if plan is None:
            raise Http404
        self.plan = plan

    def back_url(self) -> str:
        return reverse("plan", args=[self.family.reference])

    def pdf(self, *, for_family: bool, without: set[int], large_print: bool) -> bytes:
        return family_copy(self.family, self.plan, without=without, large_print=large_print)

    def filename(self) -> str:
        return f"plan-{self.family.reference}.pdf"
