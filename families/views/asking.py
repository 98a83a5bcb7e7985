"""Asking for support, step by step; each request is one draft until it is sent."""

import uuid
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.urls import reverse

from earlyhelp.access.views import ActionView
from earlyhelp.accounts.roles import agencies
from earlyhelp.core import clock
from earlyhelp.core.text import is_number
from earlyhelp.drafts.models import Draft
from earlyhelp.drafts.pages import FormPage, uuid_of
from earlyhelp.govuk.components import Row
from earlyhelp.govuk.forms import shown_answer
from families import policies
from families.forms import requests as forms
from families.rules import NOBODY
from families.services import requests
from families.views.requests import first_of

MOST_PEOPLE = 15
MOST_LIKELY = 4


class StartRequest(FormPage):
    """First of all: is a child at risk of significant harm? Then this isn't the way (DEV-04, ROT-17, MID-11). And consider
    one's own service first (ROT-23, WOR-02)."""

    action = policies.MAKE_REQUEST
    form_class = forms.BeforeForm
    title = "Before you ask for support"
    submit_text = "Continue"
    keeps_draft = False

    def back_url(self) -> str:
        return reverse("requests")

    def save(self, form: forms.BeforeForm) -> str:
        if form.cleaned_data["at_risk"] == "yes":
            return reverse("request_harm")
        if form.cleaned_data["can_meet"] == "yes":
            return reverse("record_own_offer")
        begun = uuid_of(self.request.GET.get("about", ""))
        return reverse("make_request", args=[begun]) if begun.int else reverse("start_details")


class SignificantHarm(ActionView):
    """Whom to ring; no form (DEV-04)."""

    action = policies.MAKE_REQUEST
    template_name = "families/significant_harm.html"

    def get(self, request: HttpRequest) -> HttpResponse:
        return self.page()


class CarryOver(ActionView):
    """Whoever was asked about in a check is in a new request already: kept as its draft, and in no address."""

    action = policies.MAKE_REQUEST

    def post(self, request: HttpRequest) -> HttpResponse:
        begun = uuid.uuid4()
        url = reverse("make_request", args=[begun])
        said = {"family_name": request.POST.get("last_name", ""), "postcode": request.POST.get("postcode", "")}
        person = ("first_name", "date_of_birth_day", "date_of_birth_month", "date_of_birth_year")
        said |= {f"person-0-{name}": request.POST.get(name, "") for name in person}
        draft = Draft.objects.create(
            user=self.user,
            kind=self.action.code,
            form=url,
            title=self.action.label,
            url=url,
            data={name: [value] for name, value in {**said, "step": forms.PEOPLE}.items()},
        )
        return HttpResponseRedirect(f"{reverse('start_request')}?about={uuid_of(draft.url.split('/')[-2])}")


class RecordOwnOffer(FormPage):
    """A short record that the asker's own service meets the need."""

    action = policies.MAKE_REQUEST
    form_class = forms.OwnOfferRecordForm
    title = "Record what your own service will do"
    lede = "This keeps a note for you and your manager. No request is sent, and no family record is opened."
    submit_text = "Keep the record"
    success = "The record is kept. You find it under “Requests”."

    def back_url(self) -> str:
        return reverse("start_request")

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
    """The request itself: the people it is about, what for, and all answers once more; each address is one draft. A form
    that is sent whole stays on one page."""

    action = policies.MAKE_REQUEST
    form_class = forms.RequestForm
    template_name = "families/make_request.html"

    def load(self, **kwargs: Any) -> None:
        super().load(**kwargs)
        self.step = self._step()
        draft = self.draft() if self.step == forms.CHECK else None
        self.opens = draft is not None and first_of(draft.data, "by") == forms.ASSESSMENT
        sends = "Open the record" if self.opens else "Send the request"
        self.submit_text = "Continue" if self.step in (forms.PEOPLE, forms.NEED) else sends

    def _step(self) -> str:
        if self.request.method == "POST":
            return self.request.POST.get("step", "")
        draft = self.draft()
        if draft is None:
            return forms.PEOPLE
        kept = first_of(draft.data, "step")
        wanted = self.request.GET.get("step", "")
        return wanted if kept and wanted in (forms.PEOPLE, forms.NEED) else kept

    def get_title(self) -> str:
        titles = {forms.PEOPLE: "Who is it about?", forms.NEED: "What is it about?", forms.CHECK: "Check your answers"}
        return titles.get(self.step, "Ask for support")

    def get_lede(self) -> str:
        if self.step == forms.CHECK:
            return (
                f"Nothing is sent before you press “{self.submit_text}”."
                if not self.opens
                else (
                    "A record opens for your agency when you press “Open the record”. If someone of the family may be known"
                    " already, the early help team reads your request first."
                )
            )
        return "Write what you know. What you type is kept as a draft until you send it."

    def back_url(self) -> str:
        before = {forms.NEED: forms.PEOPLE, forms.CHECK: forms.NEED}.get(self.step)
        draft = self.draft() if before and self.request.method == "GET" else None
        return f"{draft.address}&step={before}" if draft else reverse("requests")

    def form_kwargs(self) -> dict[str, Any]:
        return {"agencies": agencies(self.user), "step": self.step}

    def sent_once(self) -> uuid.UUID:
        return uuid.UUID(str(self.kwargs["draft"]))

    def initial(self) -> dict[str, Any]:
        return {"received_at": clock.now(), "agreed_on": clock.today()}

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        draft = self.draft()
        sent = self.sent_before()
        if sent and draft is None:
            messages.info(request, "You sent this already.")
            return HttpResponseRedirect(sent.url)
        data = draft.data if draft else None
        given = first_of(data, "person-TOTAL_FORMS")
        total = int(given) if is_number(given) else MOST_LIKELY
        self.people = _people_formset(total, data)
        form = self.form_class(draft=data, initial=self.initial(), **self.form_kwargs())
        if self.step == forms.CHECK and draft is not None:
            self.answers = self._answers(draft)
        return self.show(form, draft)

    def _answers(self, draft: Draft) -> dict[str, list[Row]]:
        """What was answered, page by page, as a person would read it."""
        data = QueryDict(mutable=True)
        for name, values in draft.data.items():
            data.setlist(name, values)
        form = self.form_class(data, **self.form_kwargs() | {"step": ""})
        people = forms.RequestPeople(data, prefix="person")
        form.is_valid()
        people.is_valid()
        hidden = form.hidden()
        rows: dict[str, list[Row]] = {forms.PEOPLE: [], forms.NEED: []}
        for name in form.fields:
            words = shown_answer(form, name)
            if name not in hidden and words:
                label = str(form.fields[name].label).removesuffix(" (optional)")
                rows[forms.PEOPLE if name in forms.ABOUT_PEOPLE else forms.NEED].append(Row(label, words))
        rows[forms.PEOPLE] += [Row("Person", person.in_words()) for person in people if not person.is_empty]
        return rows

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if "add_person" in request.POST:
            return self.with_another_person(request)
        self.people = forms.RequestPeople(request.POST, prefix="person")
        if "leave" in request.POST:
            return super().post(request, *args, **kwargs)
        if not self.people.forms:
            self.people = _people_formset(2, None)
        if self.people.is_valid():
            self.check_people()
        if self.step in (forms.PEOPLE, forms.NEED):
            return self.go_on(request)
        if not self.people.is_valid():
            form = self.form_class(request.POST, **self.form_kwargs())
            form.is_valid()
            self.keep()
            return self.show(form, None)
        return super().post(request, *args, **kwargs)

    def show(self, form: Any, draft: Draft | None) -> HttpResponse:
        """What is wrong with a request that was to be sent is shown on one page with all the questions."""
        if self.step == forms.CHECK and form.is_bound:
            self.step = form.step = ""
            if kept := self.draft():
                kept.data.pop("step", None)
                kept.save(update_fields=["data"])
        return super().show(form, draft)

    def check_people(self) -> None:
        """Say beside them what is missing of the people that were entered."""
        if all(person.is_empty for person in self.people):
            self.people[0].add_error("first_name", NOBODY)

    def go_on(self, request: HttpRequest) -> HttpResponse:
        """To the next page, once this one's questions are answered."""
        form = self.form_class(request.POST, **self.form_kwargs())
        is_right = form.is_page_right() and (self.step != forms.PEOPLE or self.people.is_valid())
        draft = self.keep()
        if not is_right or draft is None:
            return self.show(form, None)
        draft.data["step"] = [forms.NEED if self.step == forms.PEOPLE else forms.CHECK]
        draft.save(update_fields=["data"])
        return HttpResponseRedirect(draft.address)

    def is_written(self, form: Any) -> bool:
        # The page chooses the only agency by itself, and fills in now
        chosen = {"received_at", "agreed_on", *(["agency"] if len(form.agencies) == 1 else [])}
        return bool(set(form.changed_data) - chosen) or any(person.has_changed() for person in self.people)

    def with_another_person(self, request: HttpRequest) -> HttpResponse:
        """The draft with one more person, at their first box."""
        total = request.POST.get("person-TOTAL_FORMS", "")
        count = min(int(total) if is_number(total) else MOST_LIKELY, MOST_PEOPLE - 1) + 1
        draft = self.keep()
        assert draft is not None
        draft.data["person-TOTAL_FORMS"] = [str(count)]
        draft.save(update_fields=["data"])
        return HttpResponseRedirect(f"{draft.address}#person-{count}")

    def save(self, form: forms.RequestForm) -> str:
        said = form.said(self.people)
        if form.cleaned_data.get("by") != forms.ASSESSMENT:
            return reverse("request_sent", args=[requests.submit(said, actor=self.user).reference])
        asked = requests.open_for_assessment(said, actor=self.user)
        if asked.family is None:
            self.success = "Someone of them may be known already, so the early help team reads your request first."
            return reverse("request_sent", args=[asked.reference])
        self.success = "The record is open. Record what the family agrees to, then write the assessment with them."
        return asked.family.get_absolute_url()

    def context(self) -> dict[str, Any]:
        draft = self.draft()
        return super().context() | {
            "people": self.people,
            "step": self.step,
            "answers": getattr(self, "answers", None),
            "address": draft.address if draft else "",
        }


def _people_formset(total: int, data: dict[str, Any] | None) -> Any:
    """An unbound formset of `total` people that shows a draft, without any error."""
    total = min(max(total, 1), MOST_PEOPLE)
    formset = forms.RequestPeople(prefix="person", form_kwargs={"draft": data})
    formset.extra = total
    return formset
