import uuid
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from assessments import policies, presenters, services
from assessments.models import Assessment
from consent.views.printing import PrintPage
from earlyhelp.access.views import FamilyView
from earlyhelp.core import clock
from earlyhelp.drafts.pages import FamilyFormPage
from earlyhelp.govuk.components import Deadline, when_text
from earlyhelp.govuk.forms import GovukForm
from earlyhelp.printing.pdf import render_pdf
from earlyhelp.procedures.services import procedure_in_force, words_then
from earlyhelp.timescales import services as timescales
from earlyhelp.timescales.models import Timescale
from families.clocks import ASSESSMENT_START
from families.models import Episode
from families.services.running import lead_of

CLOCK_TAGS = {"overdue": ("Overdue", "red"), "due soon": ("Due soon", "yellow"), "stopped": ("Stopped", "grey")}


class AssessmentPage(FamilyView):
    """Before the start, what an assessment is and what is missing; after it, the sections."""

    action = policies.SEE
    template_name = "assessments/assessment.html"

    def get(self, request: HttpRequest, reference: str) -> HttpResponse:
        if self.asker.by_name:
            return self.page("assessments/read.html", sections=presenters.by_name(self.family))
        episode = self.family.episode()
        assessment = services.current(self.family)
        timescale = timescales.of(ASSESSMENT_START, episode).first()
        if assessment is None:
            return self.before_start(episode, timescale)
        return self.page(
            assessment=assessment,
            groups=presenters.task_groups(assessment, self.family, self.asker),
            clock=timescale,
            lead=lead_of(episode),
            closed=services.closed_words(assessment),
            may_finalise=assessment.is_open and policies.FINALISE.allows(self.asker, assessment),
        )

    def before_start(self, episode: Episode, timescale: Timescale | None) -> HttpResponse:
        obstacle = services.obstacle(episode)
        refusal = policies.START.refusal(self.asker, self.case)
        deadlines = []
        if timescale and not timescale.met_at:
            tag = CLOCK_TAGS.get(timescale.state, ("", ""))
            deadlines = [Deadline("Start the assessment", timescale.due_at, str(timescale.owner or ""), *tag)]
        return self.page(
            "assessments/before_start.html",
            deadlines=deadlines,
            obstacle=obstacle,
            refusal=refusal,
            form_token=str(uuid.uuid4()),
        )


class StartAssessment(FamilyFormPage):
    action = policies.START
    form_class = GovukForm
    template_name = "assessments/start.html"
    title = "Start the assessment"
    submit_text = "Start the assessment"
    success = "The assessment has started. Write with the family, in any order."
    keeps_draft = False

    def back_url(self) -> str:
        return reverse("assessment", args=[self.family.reference])

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if services.current(self.family):
            return redirect(self.back_url())
        return super().get(request, *args, **kwargs)

    def context(self) -> dict[str, Any]:
        return super().context() | {"children": services.children_of(self.family)}

    def save(self, form: GovukForm) -> str:
        services.start(family=self.family, episode=self.family.episode(), actor=self.user)
        return self.back_url()


class Finalise(FamilyFormPage):
    action = policies.FINALISE
    form_class = GovukForm
    template_name = "assessments/finalise.html"
    title = "Finalise the assessment"
    submit_text = "Finalise the assessment"
    warning = "Nobody can change the assessment after this."
    success = "The assessment is finalised. Next, agree the plan with the family."
    keeps_draft = False

    def load(self, **kwargs: Any) -> None:
        super().load(**kwargs)
        self.assessment = assessment_or_404(self.family)

    def thing(self) -> Assessment:
        return self.assessment

    def back_url(self) -> str:
        return reverse("assessment", args=[self.family.reference])

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if services.closed_words(self.assessment):
            return redirect(self.back_url())
        return super().get(request, *args, **kwargs)

    def context(self) -> dict[str, Any]:
        return super().context() | {
            "gaps": services.missing(self.assessment),
            "empty": presenters.may_stay_empty(self.assessment, self.family),
        }

    def save(self, form: GovukForm) -> str:
        services.finalise(assessment=self.assessment, actor=self.user)
        return self.back_url()


class ReadAssessment(FamilyView):
    """The whole assessment on one page."""

    action = policies.SEE
    template_name = "assessments/read.html"

    def get(self, request: HttpRequest, reference: str) -> HttpResponse:
        if self.asker.by_name:
            return redirect("assessment", self.family.reference)
        assessment = assessment_or_404(self.family)
        return self.page(closed=services.closed_words(assessment), **presenters.whole(assessment, self.family))


class PrintAssessment(PrintPage):
    action = policies.PRINT
    what = "The assessment"

    def find(self) -> None:
        self.assessment = assessment_or_404(self.family)

    def back_url(self) -> str:
        return reverse("assessment", args=[self.family.reference])

    def pdf(self, *, for_family: bool, without: set[int], large_print: bool) -> bytes:
        context = presenters.whole(self.assessment, self.family, without=without) | {
            "family": self.family,
            "lead": lead_of(self.assessment.episode),
            "procedure": words_then(self.assessment.procedure_id),
            "footer": f"{self.family.reference} · printed {when_text(clock.now())} by {self.user}",
        }
        title = procedure_in_force().words.assessment
        return render_pdf(
            "assessments/print.html", context, title=title[:1].upper() + title[1:], large_print=large_print
        )

    def filename(self) -> str:
        return f"assessment-{self.family.reference}.pdf"


def assessment_or_404(family: Any) -> Assessment:
    assessment = services.current(family)
    if assessment is None:
        raise Http404
    return assessment
