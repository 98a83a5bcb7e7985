from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from consent.policies import EMERGENCY_ROLES
from consent.views.emergency import to_review
from earlyhelp.access.reads import log_reads
from earlyhelp.access.views import ActionView
from earlyhelp.accounts.models import Agency, Locality, Role, User
from earlyhelp.accounts.roles import has_role, localities_of, memberships
from earlyhelp.core import clock
from earlyhelp.drafts.models import Draft
from earlyhelp.notifications.models import Notification
from earlyhelp.notifications.registry import Notice, words
from earlyhelp.timescales.models import Extension, Timescale
from earlyhelp.timescales.services import decidable
from earlyhelp.workspace import caseload, policies
from earlyhelp.workspace.health import checks
from families.models import Lead, LocalityHelp, Request, TeamMember
from families.policies import MAKE_REQUEST

MOST = 10
MOST_TO_DECIDE = 50
WHAT_YOU_WILL_DO = {
    Role.ADMINISTRATOR: "You keep the council’s procedure, its areas, agencies and people, and what the form that families sign says. You see"
    " no family’s record.",
    Role.AUDITOR: "You will read a sample of families and grade them. No audit is open now, so you see no record yet.",
    Role.SOCIAL_WORKER: "You will step families down to early help. You can ask for support and check for a record now.",
}


class Home(ActionView):
    """What is due, what waits for me, and my families."""

    action = policies.SEE_HOME
    template_name = "workspace/home.html"

    def get(self, request: HttpRequest) -> HttpResponse:
        clocks = (
            Timescale.objects.filter(owner=self.user, met_at=None, stopped_at=None)
            .select_related("family")
            .order_by("due_at")
        )
        families = caseload.mine(self.user)
        extensions = decidable(self.user).filter(status=Extension.Status.ASKED).select_related("family", "asked_by")
        areas = localities_of(self.user)
        waiting = Request.objects.filter(
            locality__in=areas, outcome=Request.Outcome.WAITING, submitted_at__isnull=False
        )
        shown = list(families[:MOST])
        asked = Lead.objects.filter(user=self.user, status="asked").select_related("family", "asked_by")
        invited = TeamMember.objects.filter(user=self.user, status="invited").select_related("family", "invited_by")
        to_decide = extensions.order_by("asked_at", "pk")[:MOST_TO_DECIDE]
        helped = LocalityHelp.objects.filter(locality__in=areas, status=LocalityHelp.Status.ASKED).select_related(
            "family", "asked_by"
        )[:MOST_TO_DECIDE]
        due = list(clocks[:MOST])
        named = [row.family for rows in (due, asked, invited, to_decide, helped) for row in rows if row.family]
        log_reads(what=self.action.code, families={family.pk: family.reference for family in [*shown, *named]}.items())
        unread = Notification.objects.filter(user=self.user, read_at=None, kind__in=Notice.registry)
        roles = {m.role for m in memberships(self.user)}
        is_administrator = Role.ADMINISTRATOR in roles
        return self.page(
            clocks=due,
            clocks_count=len(due) if len(due) < MOST else clocks.count(),
            families=shown,
            families_count=len(shown) if len(shown) < MOST else families.count(),
            asked=asked,
            invited=invited,
            extensions=to_decide,
            helped=helped,
            waiting_count=waiting.count() if areas else 0,
            has_cases=bool(due or shown) or has_role(self.user, Role.PRACTITIONER),
            may_ask=MAKE_REQUEST.allows(self.asker),
            may_look=policies.SEE_CASELOAD.allows(self.asker),
            reviews_count=to_review(self.user).count() if roles & set(EMERGENCY_ROLES) else 0,
            opens_in_emergency=bool(roles & set(EMERGENCY_ROLES)),
            drafts=Draft.objects.filter(user=self.user)[:MOST],
            unread=[(n, words(n)) for n in unread[:MOST]],
            what_you_do=[text for role, text in WHAT_YOU_WILL_DO.items() if role in roles],
            counts=_counts() if is_administrator else [],
            stands_still=[check for check in checks() if not check.is_well] if is_administrator else [],
            now=clock.now(),
        )


def _counts() -> list[tuple[str, int, str]]:
    return [
        ("Areas", Locality.objects.count(), reverse("localities")),
        ("Agencies", Agency.objects.filter(is_open=True).count(), reverse("agencies")),
        ("People", User.objects.filter(is_active=True).count(), reverse("accounts")),
    ]


class OpenNotification(ActionView):
    """Mark a notification as read, and go where it leads."""

    action = policies.SEE_HOME

    def post(self, request: HttpRequest, pk: object) -> HttpResponse:
        notification = Notification.objects.filter(pk=str(pk), user=self.user).first()
        if notification is None:
            return redirect("home")
        Notification.objects.filter(pk=notification.pk).update(read_at=clock.now())
        return redirect(notification.url)


class ReadAll(ActionView):
    action = policies.SEE_HOME

    def post(self, request: HttpRequest) -> HttpResponse:
        Notification.objects.filter(user=self.user, read_at=None).update(read_at=clock.now())
        return redirect("home")
