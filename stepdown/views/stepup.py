"""Step-up to social care, from any page of a family."""

from typing import Any

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from consent.models import Disclosure
from consent.services.disclosures import record_disclosure
from earlyhelp.access.levels import Level
from earlyhelp.access.views import FamilyView
from earlyhelp.core import clock
from earlyhelp.drafts.pages import FamilyFormPage
from earlyhelp.govuk.fields import list_words
from earlyhelp.govuk.forms import GovukForm
from earlyhelp.printing.pdf import pdf_response
from earlyhelp.procedures.services import procedure_in_force
from families.case import episode
from families.models.episodes import HelpLevel, level_words
from families.policies import ASK_SERVICE
from plans.models import Plan
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

    def context(self) -> dict[str, Any]:
        unsent = StepUp.objects.filter(family=self.family, sent_at=None, outcome="", withdrawn_at=None)
        return super().context() | {"unsent": unsent.select_related("made_by").first()}

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
            not_told=(
                "Social care doesn’t know of this yet. If a child may come to harm, ring"
                f" {procedure_in_force().safeguarding.name} now; then send the text below, and say so here."
            ),
            may_take_back=policies.TAKE_BACK_STEP_UP.allows(self.asker, row),
            may_ask_service=row.outcome == StepUp.Outcome.TARGETED and self.may(ASK_SERVICE),
            may_print=self.may(policies.PRINT_STEP_UP),
            may_send=policies.SENT_STEP_UP.allows(self.asker, row),
            may_raise=row.then == StepUp.Then.LEVEL and self.may(policies.RAISE_LEVEL),
            may_answer=policies.ANSWER_STEP_UP.allows(self.asker, row),
        )


class OneStepUp(FamilyFormPage, abstract=True):
    def load(self, **kwargs: Any) -> None:
        super().load(**kwargs)
        self.step_up: StepUp = self.row(StepUp, pk=kwargs["pk"])
        self.step_up.family = self.family

    def thing(self) -> StepUp:
        return self.step_up

    def back_url(self) -> str:
        return reverse("show_step_up", args=[self.family.reference, self.step_up.pk])


class PrintStepUp(OneStepUp):
    """The pack for the front door. What has to be told is told first: nothing waits for it, and the step-up says already why it
    is shared."""

    action = policies.PRINT_STEP_UP
    form_class = GovukForm
    title = "Print the step-up for social care"
    submit_text = "Make the PDF"
    keeps_draft = False

    def get_lede(self) -> str:
        return (
            "It holds the text to send, the actions of the plan, and what mattered in the last half year. That it was printed is"
            " kept, with your name and the time."
        )

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        agrees = self.step_up.agreed == StepUp.Agreed.YES
        gone = {person.pk for person in self.family.everyone() if person.has_left}
        with transaction.atomic():
            pdf = step_up_pdf(self.step_up, self.family, without=gone)
            record_disclosure(
                family=self.family,
                how=Disclosure.How.PRINTED,
                what="The step-up",
                to_whom=procedure_in_force().words.front_door,
                basis=Disclosure.Basis.AGREEMENT if agrees else Disclosure.Basis.STEP_UP,
                actor=self.user,
            )
        return pdf_response(pdf, filename=f"step-up-{self.family.reference}.pdf")


class SentStepUp(OneStepUp):
    action = policies.SENT_STEP_UP
    form_class = forms.SentForm
    title = "The written part was sent"
    success = "Saved."

    def save(self, form: forms.SentForm) -> str:
        stepup.sent(row=self.step_up, how=form.cleaned_data["how"], actor=self.user)
        return self.back_url()


class TakeBackStepUp(OneStepUp):
    action = policies.TAKE_BACK_STEP_UP
    form_class = forms.TakeBackForm
    title = "Take the step-up back"
    submit_text = "Take it back"
    success = "Taken back, and the team is told."

    def save(self, form: forms.TakeBackForm) -> str:
        stepup.take_back(row=self.step_up, reason=form.cleaned_data["reason"], actor=self.user)
        return self.back_url()


class AnswerStepUp(OneStepUp):
    action = policies.ANSWER_STEP_UP
    form_class = forms.AnswerForm
    title = "Record social care’s answer"
    success = "Saved, and the team is told."

    def form_kwargs(self) -> dict[str, Any]:
        current = episode(self.case)
        higher = level_words(HelpLevel.CHILD_IN_NEED) if given_here() else ""
        agreed = Plan.objects.filter(episode=current, status=Plan.Status.AGREED).exists()
        return {
            "higher": higher if current and current.help_level == HelpLevel.EARLY_HELP else "",
            "can_wait": agreed and self.asker.level >= Level.LEAD,
        }

    def initial(self) -> dict[str, Any]:
        row = self.step_up
        if not row.outcome:
            return {"on": clock.today()}
        return {
            "outcome": row.outcome,
            "words": row.outcome_words,
            "by": row.outcome_by,
            "on": row.outcome_on,
            "then": row.then,
        }

    def save(self, form: forms.AnswerForm) -> str:
        may_rest = self.asker.level >= Level.LEAD
        stepup.answered(
            row=self.step_up, may_rest=may_rest, again=bool(self.step_up.outcome), actor=self.user, **form.cleaned_data
        )
        if form.cleaned_data["then"] == StepUp.Then.LEVEL and self.may(policies.RAISE_LEVEL):
            return reverse("raise_level", args=[self.family.reference])
        return self.back_url()
