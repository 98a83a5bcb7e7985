import uuid
from collections.abc import Sequence
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse

from earlyhelp.access.levels import Level
from earlyhelp.access.models import Grant
from earlyhelp.access.reads import log_read, log_reads
from earlyhelp.access.reasons import ASKS_AGAIN
from earlyhelp.access.views import ActionView
from earlyhelp.accounts.models import Agency, User
from earlyhelp.accounts.roles import agencies, localities_of
from earlyhelp.drafts.models import Draft, Submission
from earlyhelp.drafts.pages import FormPage
from earlyhelp.govuk.forms import is_number
from earlyhelp.timescales import services as timescales
from earlyhelp.timescales.models import Timescale
from families import policies
from families.birth import accuracy
from families.clocks import FIRST_CONTACT
from families.forms import requests as forms
from families.models import Episode, Family, Request, Runner
from families.services import records, requests
from families.services.running import runner_of
from families.views.said import about

PER_PAGE = 25
MOST_PEOPLE = 15


class Requests(ActionView):
    """What waits for my triage, soonest due first; and what I asked for."""

    action = policies.SEE_REQUESTS
    template_name = "families/requests.html"

    def get(self, request: HttpRequest) -> HttpResponse:
        areas = localities_of(self.user)
        waiting = Request.objects.filter(
            locality__in=areas, outcome=Request.Outcome.WAITING, submitted_at__isnull=False
        )
        mine = Request.objects.filter(asked_by=self.user).order_by("-received_at", "pk")
        waiting_page = Paginator(waiting.select_related("locality", "agency"), PER_PAGE).get_page(
            request.GET.get("waiting")
        )
        mine_page = Paginator(mine.select_related("locality"), PER_PAGE).get_page(request.GET.get("mine"))
        keys = {FIRST_CONTACT.key(r): r.pk for r in waiting_page}
        clocks = {keys[t.key]: t for t in Timescale.objects.filter(key__in=keys)}
        rows = sorted(
            ((r, clocks.get(r.pk)) for r in waiting_page),
            key=lambda pair: pair[1].due_at if pair[1] else pair[0].received_at,
        )
        return self.page(
            areas=areas, waiting=rows, waiting_page=waiting_page, mine=mine_page, drafts=_drafts(self.user)
        )


def _drafts(user: User) -> list[tuple[Draft, str]]:
    """The requests that someone began and didn't send, latest first, each with whom it is about."""
    rows = Draft.objects.filter(user=user, form__startswith=reverse("start_details"))
    return [(draft, _about(draft.data)) for draft in rows.order_by("-started_at")]


def _about(data: dict[str, Any]) -> str:
    first = f"{_first(data, 'person-0-first_name')} {_first(data, 'person-0-last_name')}".strip()
    return _first(data, "family_name").strip() or first


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
        return uuid.uuid5(self.kwargs["draft"], str(self.user.pk))

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        draft = self.draft()
        sent = Submission.objects.filter(token=self.sent_once()).first()
        if sent and draft is None:
            messages.info(request, "You sent this already.")
            return HttpResponseRedirect(sent.url)
        data = draft.data if draft else None
        given = _first(data, "person-TOTAL_FORMS")
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
            self.people[0].add_error("first_name", requests.NOBODY)
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
        self.keep()
        draft = self.draft()
        assert draft is not None
        draft.data["person-TOTAL_FORMS"] = [str(count)]
        draft.save(update_fields=["data"])
        return HttpResponseRedirect(f"{request.path}#person-{count}")

    def save(self, form: forms.RequestForm) -> str:
        data = dict(form.cleaned_data)
        del data["asked"]
        people = [_person(f.cleaned_data) for f in self.people if not f.is_empty]
        sent = requests.submit(actor=self.user, agency=form.agencies[data.pop("agency")], people=people, **data)
        return reverse("request_sent", args=[sent.reference])

    def context(self) -> dict[str, Any]:
        return super().context() | {"people": self.people}


def _first(data: dict[str, Any] | None, name: str) -> str:
    value = (data or {}).get(name, "")
    return value[0] if isinstance(value, list) and value else str(value or "")


def _people_formset(total: int, data: dict[str, Any] | None) -> Any:
    """An unbound formset of `total` people that shows a draft, without any error."""
    total = min(max(total, 1), MOST_PEOPLE)
    formset = forms.RequestPeople(prefix="person", form_kwargs={"draft": data})
    formset.extra = total
    return formset


def _person(data: dict[str, Any]) -> dict[str, Any]:
    born = data.pop("date_of_birth")
    return {
        **{name: value for name, value in data.items() if value},
        "date_of_birth": born.first if born else None,
        "born": accuracy(born),
    }


class RequestPage(ActionView, abstract=True):
    """A page of one request; who may not see it gets 404."""

    def load(self, **kwargs: Any) -> None:
        super().load()
        reference = kwargs["reference"]
        found = Request.objects.select_related("locality", "agency", "asked_by", "outcome_by").filter(
            reference=reference
        )
        row = found.first()
        if row is None:
            raise Http404
        self.row = row

    def thing(self) -> Request:
        return self.row

    def log(self) -> None:
        log_read(what=self.action.code, family_id=self.row.family_id, reference=self.row.reference)

    def context(self) -> dict[str, Any]:
        triage = policies.TRIAGE.allows(self.asker, self.row)
        return super().context() | {"row": self.row, "may_triage": triage}


class ShowRequest(RequestPage):
    action = policies.SEE_REQUEST
    template_name = "families/request.html"

    def get(self, request: HttpRequest, reference: str) -> HttpResponse:
        clock = timescales.of(FIRST_CONTACT, self.row).first()
        family = Family.objects.filter(requests=self.row).first()
        granted = (
            Grant.objects.in_force()
            .filter(user=self.user, family_id=self.row.family_id or 0)
            .filter(Q(level__gte=Level.LEAD) | Q(reason=ASKS_AGAIN))
        )
        waiting = self.row.outcome == Request.Outcome.WAITING or not self.row.family_id
        full = self.row.asked_by == self.user or waiting or granted.exists()
        return self.page(
            clock=clock,
            family=family,
            joined=self.row.joined and family is not None,
            runner=self.runner(family),
            people=list(self.row.people.all()) if full else [],
            full=full,
        )

    def runner(self, family: Family | None) -> Runner | None:
        """Who runs the family's support, for who may know of it; what the asker may know, for the asker."""
        if family and self.row.episode:
            return runner_of(self.row.episode)
        return requests.runner_for_asker(self.row) if self.row.asked_by == self.user else None


class RequestSent(RequestPage):
    action = policies.SEE_REQUEST
    template_name = "families/request_sent.html"

    def get(self, request: HttpRequest, reference: str) -> HttpResponse:
        return self.page()


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
        return {"agency": self.agency, "newcomers": self.newcomers()}

    def back_url(self) -> str:
        return reverse("accept_into", args=[self.row.reference, self.into])

    def save(self, form: forms.AcceptForm) -> str:
        family = requests.accept(
            request=self.row,
            agency=self.agency,
            practitioner=form.cleaned_data["practitioner"],
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


class CheckRecord(FormPage):
    """Whether someone may already be known: never more than whom to speak to (DEV-08)."""

    action = policies.CHECK_RECORD
    form_class = forms.RecordCheckForm
    template_name = "families/check_record.html"
    title = "Check for an existing record"
    lede = "Your check is recorded, with your name and whom you asked about."
    submit_text = "Check"
    keeps_draft = False

    def back_url(self) -> str:
        return reverse("requests")

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        form = self.form_class(request.POST)
        self.answer: records.Answer | None = None
        if form.is_valid():
            self.answer = records.check(actor=self.user, **form.cleaned_data)
            if self.answer.refused:
                form.add_error(None, self.answer.refused)
                self.answer = None
        return self.show(form, None)

    def context(self) -> dict[str, Any]:
        return super().context() | {"answer": getattr(self, "answer", None)}
