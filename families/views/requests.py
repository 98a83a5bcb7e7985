from typing import Any

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse

from earlyhelp.access.levels import Level
from earlyhelp.access.models import Grant
from earlyhelp.access.reads import log_read
from earlyhelp.access.views import ActionView
from earlyhelp.accounts.models import Role, User
from earlyhelp.accounts.roles import localities_of, memberships
from earlyhelp.drafts.models import Draft
from earlyhelp.timescales import services as timescales
from earlyhelp.timescales.models import Timescale
from families import policies
from families.clocks import FIRST_CONTACT
from families.models import Family, Request, Runner
from families.services import requests
from families.services.running import runner_of

PER_PAGE = 25


class Requests(ActionView):
    """What waits for my triage, soonest due first; what my agency asked for and nobody answered; and what I asked for."""

    action = policies.SEE_REQUESTS
    template_name = "families/requests.html"

    def get(self, request: HttpRequest) -> HttpResponse:
        areas = localities_of(self.user)
        unanswered = Request.objects.filter(outcome=Request.Outcome.WAITING, submitted_at__isnull=False)
        waiting = unanswered.filter(locality__in=areas)
        manages = [m.agency_id for m in memberships(self.user) if m.role == Role.MANAGER]
        theirs = unanswered.filter(agency__in=manages).select_related("locality", "asked_by")
        mine = Request.objects.filter(asked_by=self.user).exclude(who_asks=Request.Asker.SOCIAL_CARE)
        mine = mine.order_by("-received_at", "pk")
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
            areas=areas,
            waiting=rows,
            waiting_page=waiting_page,
            manages=manages,
            theirs=Paginator(theirs, PER_PAGE).get_page(request.GET.get("agency")) if manages else None,
            mine=mine_page,
            drafts=_drafts(self.user),
        )


def _drafts(user: User) -> list[tuple[Draft, str]]:
    """The requests that someone began and didn't send, latest first, each with whom it is about."""
    rows = Draft.objects.filter(user=user, form__startswith=reverse("start_details"))
    return [(draft, _about(draft.data)) for draft in rows.order_by("-started_at")]


def _about(data: dict[str, Any]) -> str:
    first = f"{first_of(data, 'person-0-first_name')} {first_of(data, 'person-0-last_name')}".strip()
    return first_of(data, "family_name").strip() or first


def first_of(data: dict[str, Any] | None, name: str) -> str:
    value = (data or {}).get(name, "")
    return value[0] if isinstance(value, list) and value else str(value or "")


class RequestPage(ActionView, abstract=True):
    """A page of one request; who may not see it gets 404."""

    def load(self, **kwargs: Any) -> None:
        super().load()
        reference = kwargs["reference"]
        found = Request.objects.select_related("locality", "agency", "asked_by", "outcome_by", "words").filter(
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
        full = self.row.said is not None
        return self.page(
            clock=clock,
            family=family,
            joined=self.row.joined and family is not None,
            runner=self.runner(family),
            may_read=family is not None and self.may_read(family),
            people=list(self.row.people.all()) if full else [],
            full=full,
        )

    def may_read(self, family: Family) -> bool:
        return Grant.objects.in_force().filter(user=self.user, family=family, level__gte=Level.VIEW).exists()

    def runner(self, family: Family | None) -> Runner | None:
        """Who runs the family's support, for who may know of it; what the asker may know, for the asker."""
        if family and self.row.episode:
            return requests.given_to(self.row) or runner_of(self.row.episode)
        return requests.runner_for_asker(self.row) if self.row.asked_by == self.user else None


class RequestSent(RequestPage):
    action = policies.SEE_REQUEST
    template_name = "families/request_sent.html"

    def get(self, request: HttpRequest, reference: str) -> HttpResponse:
        return self.page()
