"""Triage: into a family that is known or a new one, or an answer without one."""

from collections.abc import Sequence
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse

from earlyhelp.access.reads import log_read, log_reads
from earlyhelp.accounts.models import Agency
from earlyhelp.drafts.pages import FormPage
from families import policies
from families.forms import requests as forms
from families.models import Episode, Family
from families.services import giving, requests
from families.views.requests import RequestPage
from families.views.said import about

NEW = "new"


class AcceptRequest(RequestPage):
    """First of all: is this a family that is known? Then nobody opens it twice."""

    action = policies.TRIAGE
    template_name = "families/known_family.html"

    def get(self, request: HttpRequest, reference: str) -> HttpResponse:
        known = requests.known(request=self.row, actor=self.user)
        log_reads(what=self.action.code, families=[(family.pk, family.reference) for family in known.families])
        new = reverse("accept_into", args=[reference, NEW])
        if not known.families and not known.speak_to:
            return HttpResponseRedirect(new)
        is_open = _open(known.families)
        form = forms.KnownFamilyForm(
            request.GET or None, families=[(family, family.pk in is_open) for family in known.families]
        )
        if request.GET and form.is_valid():
            chosen = next((f for f in known.families if f.reference == form.cleaned_data["family"]), None)
            if chosen is None:
                return HttpResponseRedirect(new)
            page = "join_request" if chosen.pk in is_open else "accept_into"
            return HttpResponseRedirect(reverse(page, args=[reference, chosen.reference]))
        return self.page(form=form, known=known, new_url=new, back_url=reverse("request", args=[reference]))


def _open(families: Sequence[Family]) -> set[int]:
    return set(Episode.objects.filter(family__in=families, ended_at=None).values_list("family_id", flat=True))


class IntoFamily(RequestPage, abstract=True):
    """A page that puts a request into a family which whoever triages it may know of, or into a new one."""

    family: Family | None

    def load(self, **kwargs: Any) -> None:
        super().load(**kwargs)
        self.family = None
        if kwargs["into"] != NEW:
            self.family = Family.objects.filter(reference=kwargs["into"], restricted=False).first()
            if self.family is None:
                raise Http404
        self.into = kwargs["into"]

    def log(self) -> None:
        super().log()
        if self.family:
            log_read(what=self.action.code, family_id=self.family.pk, reference=self.family.reference)

    def context(self) -> dict[str, Any]:
        return super().context() | {"family": self.family}

    def newcomers(self) -> list[requests.Newcomer]:
        return requests.newcomers(request=self.row, family=self.family) if self.family else []


class AcceptInto(IntoFamily):
    """Which agency makes the first contact; then who of it."""

    action = policies.TRIAGE
    template_name = "families/accept_agency.html"

    def get(self, request: HttpRequest, reference: str, into: str) -> HttpResponse:
        form = forms.ChooseAgencyForm(request.GET or None)
        if request.GET and form.is_valid():
            url = reverse("accept_into_by", args=[reference, into, form.cleaned_data["agency"].pk])
            return HttpResponseRedirect(url)
        return self.page(form=form, back_url=reverse("request", args=[reference]))


class AcceptIntoBy(IntoFamily, FormPage):
    action = policies.TRIAGE
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
        self.lede = "They get a message now, and the 72 hours are theirs."
        if self.family:
            self.lede = f"{self.family.reference} is opened again. {self.lede}"
            self.warning = (
                "Until the family has agreed again, this person reads the earlier record only as far as the family shared"
                f" with {self.agency} when early help ended."
            )

    def form_kwargs(self) -> dict[str, Any]:
        who = giving.to_make_first_contact(family_is_new=self.family is None)
        return {"people": giving.candidates(who, [self.agency.pk]), "newcomers": self.newcomers()}

    def back_url(self) -> str:
        return reverse("accept_into", args=[self.row.reference, self.into])

    def save(self, form: forms.AcceptForm) -> str:
        family = requests.accept(
            request=self.row,
            agency=self.agency,
            practitioner=form.chosen(),
            known_family=self.family,
            adding=form.adding(),
            actor=self.user,
        )
        self.success = about("Accepted. The person who asked sees who makes the first contact.", family)
        return reverse("requests")


class JoinRequest(IntoFamily, FormPage):
    """Early help is open: the request is added to it, and no second one is opened."""

    action = policies.TRIAGE
    form_class = forms.JoinForm
    submit_text = "Add the request to this family"
    keeps_draft = False

    def load(self, **kwargs: Any) -> None:
        super().load(**kwargs)
        if self.family is None:
            raise Http404
        self.title = f"Add the request to {self.family.reference}"
        self.lede = (
            "Early help is open for this family. Who runs it is told, and the 72 hours are theirs."
            " The person who asked isn’t told that the family was known."
        )

    def form_kwargs(self) -> dict[str, Any]:
        return {"newcomers": self.newcomers()}

    def back_url(self) -> str:
        return reverse("accept_request", args=[self.row.reference])

    def save(self, form: forms.JoinForm) -> str:
        assert self.family is not None
        family = requests.join(request=self.row, family=self.family, adding=form.adding(), actor=self.user)
        self.success = about("The request is added, and whoever runs the family’s support was told.", family)
        return reverse("requests")


class AnswerRequest(RequestPage, FormPage):
    action = policies.TRIAGE
    form_class = forms.AnswerRequestForm
    title = "Answer without opening early help"
    lede = "The person who asked sees the outcome and your reason."
    submit_text = "Send the answer"
    success = "The answer is sent."

    def back_url(self) -> str:
        return reverse("request", args=[self.row.reference])

    def save(self, form: forms.AnswerRequestForm) -> str:
        requests.answer(request=self.row, actor=self.user, **form.cleaned_data)
        return reverse("requests")
