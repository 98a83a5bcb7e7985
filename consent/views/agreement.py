"""The family’s word, recorded: a decision, choices, a withdrawal."""

from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.urls import reverse

from consent import case as consent_case
from consent import policies
from consent.forms import agreement as forms
from consent.models import Agreement
from consent.services.ledger import (
    agreed,
    record_agreement,
)
from consent.views.choices import ChoicesPage, agencies_to_ask_about, choices_now, ends_of
from earlyhelp.access.actions import Asker
from earlyhelp.access.case import Case
from earlyhelp.core import clock
from earlyhelp.drafts.pages import keep
from earlyhelp.procedures.services import procedure_in_force
from families import case as family_case
from families.models import Family, PersonDetails, Request
from families.services.requests import agreement_told


class RecordAgreement(ChoicesPage):
    """One person's decision, and the sharing choices made with it. What is signed on screen waits for its signature."""

    action = policies.RECORD
    form_class = forms.AgreementForm
    template_name = "consent/record_agreement.html"
    success = "Recorded. Access follows at once."

    def get_title(self) -> str:
        if self.step == forms.SECOND:
            return "What may be shared, and with whom?"
        return f"Record the family’s {procedure_in_force().words.agreement}"

    def load(self, **kwargs: Any) -> None:
        super().load(**kwargs)
        self.step = self._step()
        self.submit_text = "Continue" if self.step == forms.FIRST else "Record the decision"
        episode = self.family.episode()
        self.told: Request | None = agreement_told(episode) if episode and agreed(episode) is None else None

    def _step(self) -> str:
        """The page that was sent or is wanted: the first, until it was answered; none for a form that was sent whole."""
        if self.request.method == "POST":
            return self.request.POST.get("step", "")
        draft = self.draft()
        if draft is None:
            return forms.FIRST
        kept = str(next(iter(draft.data.get("step", [])), ""))
        return forms.FIRST if self.request.GET.get("step") == forms.FIRST else kept

    def context(self) -> dict[str, Any]:
        return super().context() | {"told": self.told, **self.first_page()}

    def first_page(self) -> dict[str, str]:
        """On the second page: what was answered on the first, and where to change it."""
        draft = self.draft()
        if self.step != forms.SECOND or draft is None:
            return {}
        data = QueryDict(mutable=True)
        for name, values in draft.data.items():
            data.setlist(name, values)
        form = self.form_class(data, **self.form_kwargs())
        said = form.in_words() if form.is_first_page_done() else ""
        return {"said": said, "change_url": f"{draft.address}&step=1"}

    def initial(self) -> dict[str, Any]:
        """Today, what end was set before, and who agreed in the asker's words: the family's own word is still to be heard."""
        seen = {person.pk: person.name.casefold() for person in self.family.people()}
        word = consent_case.word(self.case)
        deciding = [person for person in family_case.people(self.case) if word.decides_alone(person)]
        initial: dict[str, Any] = {"decided_on": clock.today()}
        if len(deciding) == 1:
            initial["person"] = str(deciding[0].pk)
        if self.told is None:
            held = [held for (person, _), held in choices_now(self.family).items() if person in seen]
            return initial | ends_of(held)
        agreed_by = self.told.said.agreed_by.strip().casefold() if self.told.said else ""
        who = [pk for pk, name in seen.items() if name == agreed_by]
        return initial | ({"person": str(who[0])} if len(who) == 1 else {})

    def form_kwargs(self) -> dict[str, Any]:
        return agreement_questions(self.case, self.asker, also=self.also()) | {"step": self.step}

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        form = self.form_class(request.POST, **self.form_kwargs())
        if self.step == forms.FIRST and "leave" not in request.POST:
            return self.go_on(form)
        signs = request.POST.get("how") == Agreement.How.DRAWN and not request.POST.get("another")
        if not (signs and form.is_valid()):
            return super().post(request, *args, **kwargs)
        draft = keep(self.draft_about(), request.POST)
        return HttpResponseRedirect(f"{request.path}sign/?draft={draft.pk}")

    def go_on(self, form: forms.AgreementForm) -> HttpResponse:
        """To the second page, on which all those for whom they may decide are ticked, unless some were chosen before."""
        done = form.is_first_page_done()
        draft = keep(self.draft_about(), self.request.POST)
        if not done:
            return self.show(form, None)
        chosen = form.decided_for() & set(draft.data.get("covers", []))
        draft.data |= {"step": [forms.SECOND], "covers": sorted(chosen or form.decided_for(), key=int)}
        draft.save(update_fields=["data"])
        return HttpResponseRedirect(draft.address)

    def save(self, form: forms.AgreementForm) -> str:
        agreement = record_agreement(family=self.family, decision=form.said(), choices=form.choices(), actor=self.user)
        return after(self.family, agreement, self.back_url())


def agreement_questions(case: Case, asker: Asker, *, also: list[int]) -> dict[str, Any]:
    """What the form of an agreement asks about: the people whom the asker sees, and the agencies around them. Nothing of
    what was chosen before, for who may not read the earlier record."""
    family, earlier = case.family, policies.reads_earlier_choices(asker, case)
    people, word = family_case.people(case), consent_case.word(case)
    names = {person.pk for person in people}
    spoken = PersonDetails.objects.filter(family=family, person__in=names).exclude(language="")
    in_force = word.choices if earlier else {}
    return {
        "people": people,
        "deciding": {person.pk for person in people if word.decides_alone(person)},
        "word": word,
        "languages": {str(pk): language for pk, language in spoken.values_list("person", "language")},
        "in_force": {key: held.tier for key, held in in_force.items()},
        "answers": {pair: forms.answer_of(held) for pair, held in in_force.items()},
        **agencies_to_ask_about(family, word, also=also, earlier=earlier),
    }


def after(family: Family, agreement: Agreement, back: str) -> str:
    """Where to go when a decision is recorded: after a no, to what can still be done."""
    if agreement.decision == Agreement.Decision.GIVEN:
        return back
    return reverse("what_follows", args=[family.reference])
