from typing import Any

from django.db.models import Q
from django.http import HttpRequest, HttpResponse

from earlyhelp.access.views import FamilyView
from earlyhelp.accounts.models import User
from earlyhelp.govuk.forms import GovukForm, TextField
from earlyhelp.workspace import policies, who

MOST = 20


class WhoCanSee(FamilyView):
    """Each person, how far, why, until when."""

    action = policies.SEE_READERS
    template_name = "workspace/who_can_see.html"

    def get(self, request: HttpRequest, reference: str) -> HttpResponse:
        return self.page(readers=who.readers(self.family), may_ask=policies.EXPLAIN.allows(self.asker, self.family))


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
        if chosen := User.objects.filter(pk=_number(request.GET.get("person"))).first():
            context |= {
                "chosen": chosen,
                "conditions": who.why_not(self.family, chosen),
                "sees": who.visible(self.family, chosen),
            }
        return self.page(**context)


def _number(text: str | None) -> int:
    return int(text) if text and text.isdigit() and len(text) < 10 else 0
