"""Asking for support, step by step; each request is one draft until it is sent."""

import uuid
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse

from earlyhelp.access.views import ActionView
from earlyhelp.accounts.roles import agencies
from earlyhelp.core.text import is_number
from earlyhelp.drafts.pages import FormPage
from families import policies
from families.forms import requests as forms
from families.rules import NOBODY
from families.services import requests
from families.views.requests import first_of

MOST_PEOPLE = 15


class StartRequest(FormPage):
    """First of all: is a child at risk of significant harm? Then this isn't the way (DEV-04, ROT-17, MID-11)."""

    action = policies.MAKE_REQUEST
    form_class = forms.RiskForm
    template_name = "families/request_step.html"
    title = "Is a child at risk of significant harm?"
    submit_text = "Continue"
    keeps_draft = False

    def back_url(self) -> str:
        return reverse("requests")

    def save(self, form: forms.RiskForm) -> str:
        at_risk = form.cleaned_data["at_risk"] == "yes"
        return reverse("request_harm") if at_risk else reverse("request_own_offer")


class SignificantHarm(ActionView):
    """Whom to ring; no form (DEV-04)."""

    action = policies.MAKE_REQUEST
    template_name = "families/significant_harm.html"

    def get(self, request: HttpRequest) -> HttpResponse:
        return self.page()


class OwnOffer(FormPage):
    """Consider one's own service first (ROT-23, WOR-02)."""

    action = policies.MAKE_REQUEST
    form_class = forms.OwnOfferForm
    template_name = "families/request_step.html"
    title = "Can your own service meet the need?"
    submit_text = "Continue"
    keeps_draft = False

    def back_url(self) -> str:
        return reverse("start_request")

    def save(self, form: forms.OwnOfferForm) -> str:
        own = form.cleaned_data["can_meet"] == "yes"
        return reverse("record_own_offer") if own else reverse("start_details")


class RecordOwnOffer(FormPage):
    """A short record that the asker's own service meets the need."""

    action = policies.MAKE_REQUEST
    form_class = forms.OwnOfferRecordForm
    title = "Record what your own service will do"
    lede = "This keeps a note for you and your manager. No request is sent, and no family record is opened."
    submit_text = "Keep the record"
    success = "The record is kept. You find it under “Requests”."

    def back_url(self) -> str:
        return reverse("request_own_offer")

    def save(self, form: forms.OwnOfferRecordForm) -> str:
        agency = agencies(self.user)[0]
        own = requests.meet_ourselves(actor=self.user, agency=agency, **form.cleaned_data)
        return reverse("request", args=[own.reference])


class StartDetails(ActionView):
    """A new draft each time: several requests may be under way."""

    action = policies.MAKE_REQUEST

    def get(self, request: HttpRequest) -> HttpResponse:
        return HttpResponseRedirect(reverse("make_request", args=[uuid.uuid4()]))


class MakeRequest(FormPage):
    """The request itself, with the people it is about; each address is one draft."""

    action = policies.MAKE_REQUEST
    form_class = forms.RequestForm
    template_name = "families/make_request.html"
    title = "Ask for support"
    lede = "Write what you know. What you type is kept as a draft until you send it."
    submit_text = "Send the request"

    def back_url(self) -> str:
        return reverse("requests")

    def form_kwargs(self) -> dict[str, Any]:
        return {"agencies": agencies(self.user)}

    def sent_once(self) -> uuid.UUID:
        return uuid.UUID(str(self.kwargs["draft"]))

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        draft = self.draft()
        sent = self.sent_before()
        if sent and draft is None:
            messages.info(request, "You sent this already.")
            return HttpResponseRedirect(sent.url)
        data = draft.data if draft else None
        given = first_of(data, "person-TOTAL_FORMS")
        total = int(given) if is_number(given) else 2
        self.people = _people_formset(total, data)
        return self.show(self.form_class(draft=data, **self.form_kwargs()), draft)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if "add_person" in request.POST:
            return self.with_another_person(request)
        self.people = forms.RequestPeople(request.POST, prefix="person")
        if "leave" in request.POST:
            return super().post(request, *args, **kwargs)
        if not self.people.forms:
            self.people = _people_formset(2, None)
        if self.people.is_valid() and all(person.is_empty for person in self.people):
            self.people[0].add_error("first_name", NOBODY)
        if not self.people.is_valid():
            form = self.form_class(request.POST, **self.form_kwargs())
            form.is_valid()
            self.keep()
            return self.show(form, None)
        return super().post(request, *args, **kwargs)

    def is_written(self, form: Any) -> bool:
        chosen = {"agency"} if len(form.agencies) == 1 else set()  # the page chooses the only one by itself
        return bool(set(form.changed_data) - chosen) or any(person.has_changed() for person in self.people)

    def with_another_person(self, request: HttpRequest) -> HttpResponse:
        """The draft with one more person, at their first box."""
        total = request.POST.get("person-TOTAL_FORMS", "")
        count = min(int(total) if is_number(total) else 2, MOST_PEOPLE - 1) + 1
        draft = self.keep()
        assert draft is not None
        draft.data["person-TOTAL_FORMS"] = [str(count)]
        draft.save(update_fields=["data"])
        return HttpResponseRedirect(f"{draft.address}#person-{count}")

    def save(self, form: forms.RequestForm) -> str:
        sent = requests.submit(form.said(self.people), actor=self.user)
        return reverse("request_sent", args=[sent.reference])

    def context(self) -> dict[str, Any]:
        return super().context() | {"people": self.people}


def _people_formset(total: int, data: dict[str, Any] | None) -> Any:
    """An unbound formset of `total` people that shows a draft, without any error."""
    total = min(max(total, 1), MOST_PEOPLE)
    formset = forms.RequestPeople(prefix="person", form_kwargs={"draft": data})
    formset.extra = total
    return formset
