from typing import Any

from django.db.models import OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from consent.policies import EMERGENCY_ROLES
from earlyhelp.access.reads import log_reads
from earlyhelp.access.views import ActionView
from earlyhelp.accounts.models import Agency, Locality, Role, User
from earlyhelp.accounts.roles import localities_of, memberships
from earlyhelp.core.prepared import Prepared
from earlyhelp.drafts.models import Draft
from earlyhelp.notifications.models import Notification
from earlyhelp.notifications.registry import Notice, words
from earlyhelp.procedures.services import name_of
from earlyhelp.workspace import caseload, oversight, policies, work
from earlyhelp.workspace.caseload import Tally
from earlyhelp.workspace.health import checks
from earlyhelp.workspace.models import CaseloadEntry
from families.models import Family, Request
from families.policies import MAKE_REQUEST
from stepdown.policies import OPEN as OPEN_STEP_DOWN
from stepdown.services import lists as step_downs

MOST = 10
WHAT_YOU_WILL_DO = {
    Role.ADMINISTRATOR: "You keep the council’s procedure, its areas, agencies and people, and what the form that families sign says. You see"
    " no family’s record.",
    Role.AUDITOR: "You will read samples of families’ records and grade them. No sample has been drawn yet, so you see no record."
    " You will get a message, and an e-mail, when there is one for you.",
}


class Home(ActionView):
    """What is due, what waits for me, and my families; first, for who oversees others, how theirs stand."""

    action = policies.SEE_HOME
    template_name = "workspace/home.html"

    def get(self, request: HttpRequest) -> HttpResponse:
        roles = {m.role for m in memberships(self.user)}
        serves = Role.SERVICE_MANAGER in roles
        areas = oversight.areas_with_requests() if serves else localities_of(self.user)
        todo = work.of(self.user, areas)
        has_cases = Role.PRACTITIONER in roles
        shown = caseload.in_words(MINE(self.user) if has_cases else ())
        messages = self.messages()
        named = {item.family_id: item.reference for item in todo.everything if item.family_id}
        named |= {row.pk: row.reference for row in shown} | {m.family: m.reference for m in messages if m.family}
        log_reads(what=self.action.code, families=named.items())
        return self.page(
            work=todo,
            families=shown,
            families_count=len(shown) if len(shown) < MOST else CaseloadEntry.objects.of(self.user).open().count(),
            has_cases=has_cases or bool(todo.everything),
            may_ask=MAKE_REQUEST.allows(self.asker),
            may_look=policies.SEE_CASELOAD.allows(self.asker),
            opens_in_emergency=bool(roles & set(EMERGENCY_ROLES)),
            drafts=DRAFTS(self.user),
            messages_unread=[(m, words(m, name=m.name or "")) for m in messages],
            what_you_do=[text for role, text in WHAT_YOU_WILL_DO.items() if role in roles],
            **self.administered(roles),
            **self.steps_down(roles),
            **self.overseen(roles, areas, todo),
        )

    def messages(self) -> list[Any]:
        return MESSAGES(self.user)

    def steps_down(self, roles: set[str]) -> dict[str, Any]:
        """The step-downs of a social worker, or of whom someone supports, each with what comes next."""
        if not roles & {Role.SOCIAL_WORKER, Role.BUSINESS_SUPPORT}:
            return {}
        rows = list(step_downs.of_worker(self.user)[:MOST])
        log_reads(what=self.action.code, families=[(one.family_id, one.reference) for one in rows if one.family_id])
        return {
            "step_downs": step_downs.with_next(rows, self.user),
            "may_step_down": OPEN_STEP_DOWN.allows(self.asker),
        }

    def administered(self, roles: set[str]) -> dict[str, Any]:
        if Role.ADMINISTRATOR not in roles:
            return {}
        return {"counts": _counts(), "stands_still": [check for check in checks() if not check.is_well]}

    def overseen(self, roles: set[str], areas: list[Any], todo: work.Work) -> dict[str, Any]:
        """How the families stand that someone oversees."""
        whose = oversight.scope(self.user)
        if whose is None:
            return {}
        stands = oversight.in_team if whose.whose == "managed" else oversight.standing
        standing = stands(whose, self.user)
        found: dict[str, Any] = {"numbers": oversight.numbers(whose, self.user, standing)}
        if reviews := todo.reviews():
            found["numbers"].append(
                oversight.Number("Emergency access to review", Tally(reviews), reverse("emergencies"))
            )
        sort = self.request.GET.get("team", "")
        if whose.whose == "all":
            found["areas"] = oversight.by_area(whose, areas, standing)
            found["agencies"] = oversight.by_agency(whose, standing)
            waiting = sum(area.waiting for area in areas)
            found["numbers"].insert(0, oversight.Number("Requests to answer", Tally(waiting), reverse("requests")))
            found["vacant"] = oversight.vacant(areas)
        elif whose.whose == "managed":
            mine = {m.agency_id for m in memberships(self.user) if m.role == Role.MANAGER}
            found["team"] = oversight.team(standing, mine, whose, sort)
            found["closing"] = {m.agency for m in memberships(self.user) if m.agency_id in mine and m.agency.closes_at}
            found["team_sort"] = sort if sort in oversight.SORTS else ""
            waiting = oversight.waiting_requests().filter(agency__in=mine).count()
            found["numbers"].insert(
                0, oversight.Number("Requests without an answer", Tally(waiting), f"{reverse('requests')}#agency")
            )
        else:
            found |= self.front_door(areas)
        return found

    def front_door(self, areas: list[Locality]) -> dict[str, Any]:
        """What waits at an officer's front door, and which posts are vacant."""
        waiting = oversight.waiting_requests().filter(locality__in=areas).select_related("agency", "locality")
        rows = list(waiting[: MOST + 1])
        names = {"": ""} | caseload.levels()
        for code in {row.level_of_need for row in rows} - names.keys():
            names[code] = name_of("levels", code)
        return {
            "front_door": [(row, names[row.level_of_need]) for row in rows[:MOST]],
            "front_door_more": len(rows) > MOST,
            "vacant": oversight.vacant(areas),
        }


def with_names(rows: QuerySet[Notification]) -> QuerySet[Any]:
    """Messages with the family's name and id, where their reader may know it; else with the name in a request."""
    family = Family.objects.filter(reference=OuterRef("reference"))
    request = Request.objects.filter(reference=OuterRef("reference"))
    name = Coalesce(Subquery(family.values("name")[:1]), Subquery(request.values("family_name")[:1]))
    return rows.annotate(name=name, family=Subquery(family.values("pk")[:1]))


MINE = Prepared(lambda user: caseload.in_order(CaseloadEntry.objects.of(user).open(), "due")[:MOST])
DRAFTS = Prepared(lambda user: Draft.objects.filter(user=user)[:MOST])
MESSAGES = Prepared(
    lambda user: with_names(Notification.objects.filter(user=user, read_at=None, kind__in=Notice.registry))[:MOST]
)


def _counts() -> list[tuple[str, int, str]]:
    return [
        ("Areas", Locality.objects.count(), reverse("localities")),
        ("Agencies", Agency.objects.filter(is_open=True).count(), reverse("agencies")),
        ("People", User.objects.filter(is_active=True).count(), reverse("accounts")),
    ]
