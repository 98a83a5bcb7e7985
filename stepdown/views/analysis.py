"""The analysis of social care: brought over, and chosen into the assessment passage by passage."""

from typing import Any

from django.core.paginator import Paginator
from django.http import Http404
from django.urls import reverse

from assessments.models import Assessment, Contribution
from families.models import Person
from stepdown import policies
from stepdown.forms import analysis as forms
from stepdown.models import Analysis, StepDown
from stepdown.services import analysis as services
from stepdown.views.stepdown import StepDownForm

PER_PAGE = 50
TITLES: dict[str, str] = {StepDown.Route.A: "Single assessment", StepDown.Route.B: "Child in need plan"}


class BringAnalysis(StepDownForm):
    action = policies.BRING
    form_class = forms.BringForm
    title = "Bring the analysis over"
    lede = "What social care wrote stays word for word, under the name of whoever wrote it. You choose next which passages go where."

    def people(self) -> list[Person]:
        return list(self.family.people()) if self.family else []

    def form_kwargs(self) -> dict[str, Any]:
        return {"people": self.people()}

    def initial(self) -> dict[str, Any]:
        worker = self.row.worker
        return {
            "title": TITLES.get(self.row.route, ""),
            "author": f"{worker}, {worker.job_title or 'social worker'}",
            "about": [str(person.pk) for person in self.people()],
        }

    def save(self, form: forms.BringForm) -> str:
        kept = services.bring(step_down=self.row, brought=form.said(), actor=self.user)
        self.success = "Kept. Choose which passages go where." if kept.passages else "The file is kept as a document."
        return reverse("place_analysis", args=[self.row.reference, kept.pk])


class TakeOutAnalysis(StepDownForm):
    """It was brought into the wrong family."""

    action = policies.TAKE_OUT
    form_class = forms.TakeOutForm
    title = "This is about another family"
    submit_text = "Take it out of this family"
    removes = True
    success = "It is gone from this family. Bring it over where it belongs."

    def load(self, **kwargs: Any) -> None:
        super().load(**kwargs)
        found = Analysis.objects.select_related("step_down", "document").filter(step_down=self.row, pk=kwargs["pk"])
        if (analysis := found.first()) is None:
            raise Http404
        self.analysis = analysis

    def get_lede(self) -> str:
        return (
            f"{self.analysis.title}, {self.analysis.author}. Nobody reads it here from the next click on, its file neither, and"
            " what was chosen from it is left out of the assessment. The service manager is told."
        )

    def save(self, form: forms.TakeOutForm) -> str:
        services.take_out(analysis=self.analysis, reason=form.cleaned_data["reason"], actor=self.user)
        return self.row.get_absolute_url()


class PlaceAnalysis(StepDownForm):
    """Its passages, some at a time, each with where it stands already; and where the chosen ones go."""

    action = policies.PLACE
    form_class = forms.PlaceForm
    template_name = "stepdown/analysis.html"
    submit_text = "Put them there"
    keeps_draft = False

    def load(self, **kwargs: Any) -> None:
        super().load(**kwargs)
        rows = Analysis.objects.select_related("step_down__agency", "step_down__worker", "document")
        found = rows.filter(step_down=self.row, pk=kwargs["pk"]).first()
        if found is None or self.family is None:
            raise Http404
        self.analysis, self.title = found, found.title
        episode = self.row.episode_id
        self.assessment = Assessment.objects.select_related("form", "episode").filter(episode=episode).first()
        self.targets = services.targets(self.assessment, self.family, self.row) if self.assessment else []
        numbered = list(enumerate(found.passages))
        self.shown = Paginator(numbered, PER_PAGE).get_page(self.request.GET.get("page"))

    def form_kwargs(self) -> dict[str, Any]:
        at = services.placed(self.analysis)
        passages = [(i, text, self.where(at[i]) if i in at else "") for i, text in self.shown]
        return {"passages": passages, "targets": self.targets}

    def where(self, contribution: Contribution) -> str:
        key = contribution.part, contribution.person_id
        place = next((one.place for one in self.targets if (one.place.part.code, one.place.person_id) == key), None)
        return f"In the assessment: {place.title}" if place else "In the assessment"

    def context(self) -> dict[str, Any]:
        return super().context() | {
            "analysis": self.analysis,
            "page_obj": self.shown,
            "assessment": self.assessment,
            "may_take_out": policies.TAKE_OUT.allows(self.asker, self.row),
            "may_bring": policies.BRING.allows(self.asker, self.row),
        }

    def save(self, form: forms.PlaceForm) -> str:
        if self.assessment is None:
            raise Http404
        target = form.targets[form.cleaned_data["where"]]
        services.place(
            analysis=self.analysis,
            assessment=self.assessment,
            target=target,
            passages=[int(at) for at in form.cleaned_data["passages"]],
            actor=self.user,
        )
        self.success = f"They stand in the assessment now: {target.label}."
        return self.request.get_full_path()
