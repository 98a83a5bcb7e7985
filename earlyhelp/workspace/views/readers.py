from datetime import datetime
from typing import Any

from django.db.models import Q
from django.http import HttpRequest, HttpResponse

from consent.models import Tier
from consent.presenters import readable
from consent.services import ledger
from earlyhelp.access.levels import Level
from earlyhelp.access.reasons import LAWFUL
from earlyhelp.access.views import FamilyView
from earlyhelp.accounts.models import Agency, User
from earlyhelp.core import clock
from earlyhelp.core.dates import end_of
from earlyhelp.core.text import number
from earlyhelp.govuk.fields import PastMomentField, TextField
from earlyhelp.govuk.forms import GovukForm
from earlyhelp.workspace import policies, who
from families.policies import SEE_ERRORS

MOST = 20


class WhoCanSee(FamilyView):
    """Each person, how far, why, until when."""

    action = policies.SEE_READERS
    template_name = "workspace/who_can_see.html"

    def get(self, request: HttpRequest, reference: str) -> HttpResponse:
        leads = self.asker.level >= Level.LEAD
        of = None if leads else readable(self.family.people(), self.asker)
        return self.page(
            # That something was shared without agreement is for who leads: the family may not have been told
            readers=[row for row in who.readers(self.family, of=of) if row.reason.code != LAWFUL or leads],
            may_ask=self.may(policies.EXPLAIN),
            may_replay=self.may(policies.REPLAY),
            may_see_errors=self.may(SEE_ERRORS),
            may_print=self.may(policies.PRINT_READERS),
        )


class OnField(PastMomentField):
    """A moment in the past; without a time, the end of its day, or now when that is today."""

    optional_parts = ("time",)

    def read(self, boxes: dict[str, str]) -> datetime:
        if boxes["time"]:
            return super().read(boxes)
        day = self.read_date(boxes)
        self.check_side(day)
        return min(end_of(day), clock.now())


class OnForm(GovukForm):
    on = OnField(
        label="On which date?",
        noun="The date",
        required_message="Enter a date",
        help_text="For example, 27 3 2026. Without a time, it is the end of that day.",
    )


class WhoCouldSee(FamilyView):
    """Who could see the family at a moment, and what the ledger said then: for complaints and subject access requests."""

    action = policies.REPLAY
    template_name = "workspace/who_could_see.html"

    def get(self, request: HttpRequest, reference: str) -> HttpResponse:
        form = OnForm(request.GET) if any(name.startswith("on_") for name in request.GET) else OnForm()
        context: dict[str, Any] = {"form": form, "moment": None}
        if form.is_bound and form.is_valid():
            context |= self.on(form.cleaned_data["on"])
        return self.page(**context)

    def on(self, moment: datetime) -> dict[str, Any]:
        since = who.kept_since(self.family)
        people = {p.pk: p.name for p in self.family.everyone()}
        choices = ledger.latest_choices(self.family, by=moment)
        agencies = dict(Agency.objects.filter(pk__in={agency for _, agency in choices}).values_list("pk", "name"))
        rows = [
            (people[person], agencies[agency], "Never share" if held.never else Tier(held.at(moment).tier).label)
            for (person, agency), held in choices.items()
            if person in people
        ]
        return {
            "moment": moment,
            "before_family": moment < self.family.created_at,
            "kept_since": since if since and moment < since else None,
            "readers": who.readers_on(self.family, moment),
            "choices": sorted(rows),
            "agreements": ledger.agreements_on(self.family, moment),
        }


class PersonSearchForm(GovukForm):
    name = TextField(label="Name or e-mail address", required_message="Enter a name or an e-mail address")


class WhyNot(FamilyView):
    """Pick a person; read which condition is missing. For the lead and managers only, so that it is no oracle."""

    action = policies.EXPLAIN
    template_name = "workspace/why_not.html"

    def get(self, request: HttpRequest, reference: str) -> HttpResponse:
        form = PersonSearchForm(request.GET or None) if "name" in request.GET else PersonSearchForm()
        found: list[User] = []
        if form.is_bound and form.is_valid():
            text = form.cleaned_data["name"]
            users = User.objects.filter(Q(name__icontains=text) | Q(email__iexact=text), is_active=True)
            found = list(users.order_by("name")[:MOST])
        context: dict[str, Any] = {"form": form, "found": found, "chosen": None, "conditions": [], "sees": False}
        if chosen := User.objects.filter(pk=number(request.GET.get("person"))).first():
            context |= {
                "chosen": chosen,
                "other_ways": who.other_ways(self.family, chosen),
                "conditions": who.why_not(self.family, chosen),
                "sees": who.visible(self.family, chosen),
            }
        return self.page(**context)
