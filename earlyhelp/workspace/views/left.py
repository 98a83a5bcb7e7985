from typing import Any

from django.db.models import Exists, OuterRef, Q
from django.http import HttpRequest, HttpResponse

from earlyhelp.access.reads import log_reads
from earlyhelp.access.views import ActionView
from earlyhelp.accounts.models import WorksFor
from earlyhelp.core import clock
from earlyhelp.workspace import caseload, oversight, policies
from families.models import TeamMember
from plans.models import Action

MOST = 100


class LeftBehind(ActionView):
    """What people had who don't work there any more: to be handed over, a link each."""

    action = policies.SEE_LEFT
    template_name = "workspace/left.html"

    def get(self, request: HttpRequest) -> HttpResponse:
        whose = oversight.scope(self.user)
        assert whose
        mine = whose.rows(self.user).open()
        gone = Q(works=False) | Q(works_until__lte=clock.now())
        led = caseload.in_order(mine.filter(gone, runner__isnull=False), "due")[:MOST]
        works = WorksFor.objects.filter(user=OuterRef("user"))
        here = {"family__in": mine.values("family")}
        places = TeamMember.objects.filter(status=TeamMember.Status.ACCEPTED, episode__ended_at=None, **here).exclude(
            Exists(works.filter(agency=OuterRef("agency"), may_join=True))
        )
        doing = Action.objects.filter(user__isnull=False, outcome__plan__episode__ended_at=None, **here)
        todo = doing.exclude(status__in=Action.SETTLED).exclude(Exists(works))
        rows: dict[str, Any] = {
            "led": list(led),
            "places": list(places.select_related("family", "user", "agency").order_by("user__name", "pk")[:MOST]),
            "todo": list(todo.select_related("family", "user").order_by("user__name", "due_on", "pk")[:MOST]),
        }
        named = {row.pk: row.reference for row in rows["led"]}
        named |= {row.family.pk: row.family.reference for row in [*rows["places"], *rows["todo"]]}
        log_reads(what="workspace.home", families=named.items())
        return self.page(**rows)
