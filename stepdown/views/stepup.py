"""Step-up to social care, from any page of a family."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from consent.views.printing import PrintPage
from earlyhelp.access.views import FamilyView
from earlyhelp.core import clock
from earlyhelp.drafts.pages import FamilyFormPage
from earlyhelp.govuk.fields import list_words
from families.case import episode
from families.models.episodes import HelpLevel, level_words
from stepdown import policies
from stepdown.forms import stepup as forms
from stepdown.models import StepUp
from stepdown.printing import step_up_pdf
from stepdown.services import stepup
from stepdown.services.level import given_here


class StepUps(FamilyView):
    """Each time that social care was told, and what it answered."""

    action = policies.SEE_STEP_UPS
    template_name = "stepdown/step_ups.html"

    def get(self, request: HttpRequest, reference: str) -> HttpResponse:
        rows = StepUp.objects.filter(family=self.family).select_related("made_by")
        return self.page(rows=rows, may_step_up=self.may(policies.STEP_UP))


class MakeStepUp(FamilyFormPage):
    """First of all whom to ring; then what social care needs to know."""

    action = policies.STEP_UP
    form_class = forms.StepUpForm
    template_name = "stepdown/step_up.html"
    title = "Step up to social care"
    submit_text = "Keep this, and show the text to send"

    def form_kwargs(self) -> dict[str, Any]:
        return {"children": stepup.children(self.family)}

    def save(self, form: forms.StepUpForm) -> str:
        current = episode(self.case)
        assert current
        row = stepup.step_up(
            family=self.family, episode=current, said=form.said(), actor=self.user, agency=self.writes_for
        )
        return reverse("show_step_up", args=[self.family.reference, row.pk])


class ShowStepUp(FamilyView):
    """What social care was told, ready to copy; how it was sent, and the answer."""

    action = policies.SEE_STEP_UPS
    template_name = "stepdown/show_step_up.html"

    def get(self, request: HttpRequest, reference: str, pk: int) -> HttpResponse:
        row: StepUp = self.row(StepUp, pk=pk)
        row.family = self.family
        names = {person.pk: person.name for person in self.family.everyone()}
        return self.page(
            row=row,
            about=list_words([names[pk] for pk in row.about if pk in names]),
            text=stepup.text_for_front_door(row, self.family),
            may_print=self.may(policies.PRINT_STEP_UP),
            may_send=policies.SENT_STEP_UP.allows(self.asker, row),
            may_raise=row.then == StepUp.Then.LEVEL and self.may(policies.RAISE_LEVEL),
            may_answer=policies.ANSWER_STEP_UP.allows(self.asker, row),
        )


class PrintStepUp(PrintPage):
    """The pack for the front door. What has to be told is told first: nothing waits for it."""

    action = policies.PRINT_STEP_UP
    what = "The step-up"
    form_class = forms.NotForTheFamily

    def find(self) -> None:
        self.step_up: StepUp = self.row(StepUp, pk=self.kwargs["pk"])
        self.step_up.family = self.family

    def back_url(self) -> str:
        return reverse("show_step_up", args=[self.family.reference, self.kwargs["pk"]])

    def pdf(self, *, for_family: bool, without: set[int], large_print: bool) -> bytes:
        return step_up_pdf(self.step_up, self.family, without=without, large_print=large_print)

    def filename(self) -> str:
        return f"step-up-{self.family.reference}.pdf"


class OneStepUp(FamilyFormPage, abstract=True):
    def load(self, **kwargs: Any) -> None:
        super().load(**kwargs)
        self.step_up: StepUp = self.row(StepUp, pk=kwargs["pk"])
        self.step_up.family = self.family

    def thing(self) -> StepUp:
        return self.step_up

    def back_url(self) -> str:
        return reverse("show_step_up", args=[self.family.reference, self.step_up.pk])


class SentStepUp(OneStepUp):
    action = policies.SENT_STEP_UP
    form_class = forms.SentForm
    title = "The written part was sent"
    success = "Saved."

    def save(self, form: forms.SentForm) -> str:
        stepup.sent(row=self.step_up, how=form.cleaned_data["how"], actor=self.user)
        return self.back_url()


class AnswerStepUp(OneStepUp):
    action = policies.ANSWER_STEP_UP
    form_class = forms.AnswerForm
    title = "Record social care’s answer"
    success = "Saved, and the team is told."

    def form_kwargs(self) -> dict[str, Any]:
        current = episode(self.case)
        higher = level_words(HelpLevel.CHILD_IN_NEED) if given_here() else ""
        return {"higher": higher if current and current.help_level == HelpLevel.EARLY_HELP else ""}

    def initial(self) -> dict[str, Any]:
        return {"on": clock.today()}

    def save(self, form: forms.AnswerForm) -> str:
        stepup.answered(row=self.step_up, actor=self.user, **form.cleaned_data)
        if form.cleaned_data["then"] == StepUp.Then.LEVEL and self.may(policies.RAISE_LEVEL):
            return reverse("raise_level", args=[self.family.reference])
        return self.back_url()
