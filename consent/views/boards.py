"""Where families' agreement needs someone to act: for managers, locality officers and the service manager."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.core.paginator import Paginator
from django.db.models import Case, DateTimeField, Exists, F, OuterRef, Q, QuerySet, Subquery, When
from django.db.models.functions import Least
from django.http import HttpRequest, HttpResponse

from consent import policies
from consent.models import Agreement, SharingChoice, Tier
from consent.services.alone import left_alone
from earlyhelp.access.identity import acting_as_system
from earlyhelp.access.levels import Level
from earlyhelp.access.models import Grant
from earlyhelp.access.reads import log_reads
from earlyhelp.access.views import ActionView
from earlyhelp.accounts.models import User
from earlyhelp.core import clock
from earlyhelp.govuk.components import NavItem
from earlyhelp.procedures.services import procedure_in_force
from families.models import Episode, Lead

PER_PAGE = 25
Decision = Agreement.Decision


@dataclass(frozen=True)
class Board:
    name: str
    since: str
    next_step: str
    empty: str
    ends: bool = False
    url: str = "family"
    no: bool = False


BOARDS = {
    "missing": Board(
        "Not asked yet",
        "Asked for help on",
        "Ask the family, and record what they decide.",
        "Every family that you may see was asked in time.",
    ),
    "refused": Board(
        "Did not agree",
        "Decided",
        "Where nobody agrees, offer what one service can do alone, or end early help. Where someone else agrees, early help"
        " goes on, and nothing about who said no is shared: see that somebody still speaks with them.",
        "No family that you may see has said no.",
        no=True,
    ),
    "expiring": Board(
        "Runs out soon",
        "Runs out",
        "Ask the family again before then.",
        "Nothing runs out soon.",
        ends=True,
    ),
    "withdrawn": Board(
        "Withdrew",
        "Decided",
        "Where nobody agrees, decide with the lead: hand over, or end early help. Where someone else agrees, early help goes"
        " on, and nothing about who withdrew is shared: see that somebody still speaks with them.",
        "No family that you may see has withdrawn.",
        no=True,
    ),
    "alone": Board(
        "Nobody goes on with them",
        "Early help since",
        "Someone in the family told the agency that runs its support nothing. Name who goes on with them.",
        "Everyone of whom a lead doesn’t know has someone who goes on with them.",
        url="hidden_from_lead",
    ),
}


def boards(user: User) -> dict[str, QuerySet[Any]]:
    """The open episodes of each board, of families that `user` may know of. That the family agreed or not is for all
    who may know of it, as in `agreed`; so this is read as the system, and says nothing of who decided what."""
    now = clock.now()
    seen = Grant.objects.in_force().filter(user=user, family=OuterRef("family"), level__gte=Level.BASIC)
    lead = Lead.objects.filter(episode=OuterRef("pk"), status=Lead.Status.ACCEPTED)
    agreements = Agreement.objects.filter(episode=OuterRef("pk"))
    latest = agreements.order_by("person_id", "-pk").distinct("person_id")
    episodes = (
        Episode.objects.filter(Exists(seen), ended_at=None)
        .select_related("family", "first_contact_by", "first_contact_agency")
        .annotate(
            lead_name=Subquery(lead.values("user__name")[:1]),
            lead_agency=Subquery(lead.values("agency__name")[:1]),
            decisions=ArraySubquery(latest.values("decision")),
        )
    )
    given, withdrew = Q(decisions__contains=[Decision.GIVEN]), Q(decisions__contains=[Decision.WITHDRAWN])
    said_no = agreements.exclude(decision=Decision.GIVEN).order_by("-pk")
    no = episodes.filter(Q(decisions__contains=[Decision.REFUSED]) | withdrew).annotate(
        since=Subquery(said_no.values("decided_on")[:1]), others_agree=Case(When(given, then=True), default=False)
    )
    alone = left_alone().filter(family=OuterRef("family"))
    asked_within = timedelta(days=procedure_in_force().agreement.missing_days)
    runs_out = episodes.filter(given).annotate(since=_end()).filter(since__isnull=False)
    return {
        "missing": episodes.filter(decisions=[], started_at__lte=now - asked_within)
        .annotate(since=F("started_at"))
        .order_by("since", "pk"),
        "refused": no.exclude(withdrew).order_by("since", "pk"),
        "expiring": runs_out.order_by("since", "pk"),
        "withdrawn": no.filter(withdrew).order_by("since", "pk"),
        "alone": episodes.filter(Exists(alone)).annotate(since=F("started_at")).order_by("since", "pk"),
    }


def _end() -> Any:
    """The first moment soon, or past, at which an agreement or a sharing choice runs out or is to be looked at again."""
    horizon = clock.now() + timedelta(days=procedure_in_force().agreement.expiring_days)
    newer_word = Agreement.objects.filter(episode=OuterRef("episode"), person=OuterRef("person"), pk__gt=OuterRef("pk"))
    given = Agreement.objects.filter(~Exists(newer_word), episode=OuterRef("pk"), decision=Decision.GIVEN)
    newer_choice = SharingChoice.objects.filter(
        family=OuterRef("family"), person=OuterRef("person"), agency=OuterRef("agency"), pk__gt=OuterRef("pk")
    )
    choices = SharingChoice.objects.filter(~Exists(newer_choice), family=OuterRef("family"), tier__gt=Tier.NONE)
    agreement = given.filter(until__lte=horizon).order_by("until").values("until")[:1]
    choice = choices.filter(ends_at__lte=horizon).order_by("ends_at").values("ends_at")[:1]
    review = choices.filter(review_on__lte=clock.today()).order_by("review_on").values("review_on")[:1]
    return Least(Subquery(agreement), Subquery(choice), Subquery(review), output_field=DateTimeField())


class Boards(ActionView):
    """One board at a time; the address says which."""

    action = policies.SEE_BOARDS
    template_name = "consent/boards.html"

    def get(self, request: HttpRequest) -> HttpResponse:
        chosen = request.GET.get("board", "")
        chosen = chosen if chosen in BOARDS else "missing"
        with acting_as_system("agreement boards"):
            rows = boards(self.user)
            counts = {name: found.count() for name, found in rows.items()}
            page = Paginator(rows[chosen], PER_PAGE).get_page(request.GET.get("page"))
            page.object_list = list(page.object_list)
        log_reads(what=self.action.code, families=[(e.family_id, e.family.reference) for e in page])
        tabs = [
            NavItem(f"{board.name} ({counts[name]})", f"?board={name}", name == chosen)
            for name, board in BOARDS.items()
        ]
        return self.page(page_obj=page, board=BOARDS[chosen], tabs=tabs, count=counts[chosen])
