"""Triage: into a family that is known or a new one, or an answer without one."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse

from earlyhelp.access.reads import log_read, log_reads
from earlyhelp.accounts.models import Agency
from earlyhelp.drafts.pages import FormPage
from families import policies
from families.clocks import FIRST_CONTACT
from families.forms import requests as forms
from families.models import Family
from families.services import giving, matching, requests
from families.views.requests import RequestPage
from families.views.said import about

NEW = "new"


class AcceptRequest(RequestPage):
    """First of all: is this a family that is known? Then nobody opens it twice."""

    action = policies.ACCEPT
    template_name = "families/known_family.html"

    def get(self, request: HttpRequest, reference: str) -> HttpResponse:
        known = matching.known(request=self.row, actor=self.user)
        log_reads(what=self.action.code, families=[(family.pk, family.reference) for family in known.families])
        new = reverse("accept_into", args=[reference, NEW])
        if not known.families and not known.speak_to:
            return HttpResponseRedirect(new)
        form = forms.KnownFamilyForm(request.GET or None, matches=known.matches)
        if request.GET and form.is_valid():
            chosen = next((m for m in known.matches if m.family.reference == form.cleaned_data["family"]), None)
            if chosen is None:
                return HttpResponseRedirect(new)
            page = "join_request" if chosen.is_open else "accept_into"
            return HttpResponseRedirect(reverse(page, args=[reference, chosen.family.reference]))
        return self.page(form=form, known=known, new_url=new, back_url=reverse("request", args=[reference]))


class IntoFamily(RequestPage, abstract=True):
    """A page that puts a request into a family which whoever triages it may know of, or into a new one."""

    family: Family | None

    def load(self, **kwargs: Any) -> None:
        super().load(**kwargs)
        self.family = None
        self.require(policies.ACCEPT, self.row)
        self.known = matching.known(request=self.row, actor=self.user)
        if kwargs["into"] != NEW:
            self.family = next((f for f in self.known.families if f.reference == kwargs["into"]), None)
            if self.family is None:
                raise Http404
        self.into = kwargs["into"]

    def log(self) -> None:
        super().log()
        if self.family:
            log_read(what=self.action.code, family_id=self.family.pk, reference=self.family.reference)

    def context(self) -> dict[str, Any]:
        return super().context() | {"family": self.family}

    def must_not_know(self) -> str:
        return self.row.said.must_not_know if self.row.said else ""

    def newcomers(self) -> list[matching.Newcomer]:
        return matching.newcomers(request=self.row, family=self.family) if self.family else []


class AcceptInto(IntoFamily):
    """Which agency makes the first contact; then who of it."""

    action = policies.ACCEPT
    template_name = "families/accept_agency.html"

    def get(self, request: HttpRequest, reference: str, into: str) -> HttpResponse:
        if self.row.from_social_care:
            return HttpResponseRedirect(reverse("accept_into_by", args=[reference, into, self.row.agency_id]))
        form = forms.ChooseAgencyForm(request.GET or None)
        if request.GET and form.is_valid():
            url = reverse("accept_into_by", args=[reference, into, form.cleaned_data["agency"].pk])
            return HttpResponseRedirect(url)
        return self.page(form=form, back_url=reverse("request", args=[reference]))


class AcceptIntoBy(IntoFamily, FormPage):
    action = policies.ACCEPT
    form_class = forms.AcceptForm
    title = "Accept the request"
    submit_text = "Accept the request"
    keeps_draft = False

    def load(self, **kwargs: Any) -> None:
        super().load(**kwargs)
        agency = Agency.objects.filter(pk=kwargs["agency"], is_open=True).first()
        if agency is None:
            raise Http404
        self.agency = agency
        if self.row.from_social_care:
            self.lede = f"{self.row.asked_by} of {agency} steps the family down, and asks it themselves. They are told."
        else:
            self.lede = f"They get a message now, and the {FIRST_CONTACT.rule.words} are theirs."
        if self.family:
            self.lede = f"{self.family.reference} is opened again. {self.lede}"
            self.warning = (
                "Nothing that was recorded before is open to this person until the family has been asked again. Whoever led"
                " before, and the service manager, are told."
            )

    def form_kwargs(self) -> dict[str, Any]:
        who = giving.to_make_first_contact(family_is_new=self.family is None)
        but = [self.user.pk] if self.family else []
        people = giving.candidates(who, [self.agency.pk], but=but)
        if self.row.from_social_care:
            people = [one for one in people if one.user == self.row.asked_by]
        return {
            "people": people,
            "newcomers": self.newcomers(),
            "alike": None if self.family else self.known,
            "must_not_know": self.must_not_know(),
            "told": list(self.family.people() if self.family else self.row.people.all()),
        }

    def back_url(self) -> str:
        return reverse("accept_into", args=[self.row.reference, self.into])

    def save(self, form: forms.AcceptForm) -> str:
        family = requests.accept(
            request=self.row,
            agency=self.agency,
            practitioner=form.chosen(),
            known_family=self.family,
            adding=form.adding(),
            new_because=form.cleaned_data.get("new_because", ""),
            not_told=form.not_told(),
            actor=self.user,
        )
        self.success = about("Accepted. The person who asked sees who makes the first contact.", family)
        return reverse("requests")


class JoinRequest(IntoFamily, FormPage):
    """Early help is open: the request is added to it, and no second one is opened."""

    action = policies.ACCEPT
    form_class = forms.JoinForm
    template_name = "families/join_request.html"
    submit_text = "Add the request to this family"
    keeps_draft = False
    confidence: requests.Confidence | None = None

    def load(self, **kwargs: Any) -> None:
        super().load(**kwargs)
        if self.family is None:
            raise Http404
        self.title = f"Add the request to {self.family.reference}"
        if self.row.in_confidence:
            self.confidence = requests.confidence(request=self.row, family=self.family)
            self.lede = "A young person asked for themselves, so what they share decides who may read it."
            return
        if self.row.from_social_care:
            self.lede = (
                f"Early help is open for this family. Who runs it is told. The record stays closed to {self.row.asked_by}, who"
                " steps the family down, until the family, asked again, shares it with social care."
            )
            return
        self.lede = (
            f"Early help is open for this family. Who runs it is told, and the {FIRST_CONTACT.rule.words} are theirs."
            " The person who asked isn’t told that the family was known."
        )

    def form_kwargs(self) -> dict[str, Any]:
        return {
            "newcomers": self.newcomers(),
            "confidants": self.confidence.confidants if self.confidence else None,
            "must_not_know": self.must_not_know(),
            "people": list(self.family.people()) if self.family else [],
        }

    def context(self) -> dict[str, Any]:
        return super().context() | {"confidence": self.confidence}

    def back_url(self) -> str:
        return reverse("accept_request", args=[self.row.reference])

    def save(self, form: forms.JoinForm) -> str:
        assert self.family is not None
        family = requests.join(
            request=self.row,
            family=self.family,
            adding=form.adding(),
            given_to=form.given_to(),
            not_told=form.not_told(),
            actor=self.user,
        )
        told = form.given_to() or "whoever runs the family’s support"
        self.success = about(f"The request is added, and {told} was told.", family)
        return reverse("requests")


class AnswerRequest(RequestPage, FormPage):
    action = policies.TRIAGE
    form_class = forms.AnswerRequestForm
    lede = "The person who asked sees the outcome and your reason."
    submit_text = "Send the answer"
    success = "The answer is sent."

    def get_lede(self) -> str:
        closes = " The family’s record closes to you then." if self.row.is_assessment else ""
        return f"{self.lede}{closes}"

    def get_title(self) -> str:
        return "Answer the assessment" if self.row.is_assessment else "Answer without opening early help"

    def form_kwargs(self) -> dict[str, Any]:
        return {"is_assessment": self.row.is_assessment}

    def back_url(self) -> str:
        return reverse("request", args=[self.row.reference])

    def save(self, form: forms.AnswerRequestForm) -> str:
        requests.answer(request=self.row, actor=self.user, **form.cleaned_data)
        return reverse("requests")
