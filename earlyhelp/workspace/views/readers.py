from typing import Any

from django.db.models import Q
from django.http import HttpRequest, HttpResponse

from earlyhelp.access.views import FamilyView
from earlyhelp.accounts.models import User
from earlyhelp.govuk.forms import GovukForm, TextField
from earlyhelp.printing.pdf import pdf_response
from earlyhelp.workspace import policies, printing, who
from families.models import Person

MOST = 20


class WhoCanSee(FamilyView):
    """Each person, how far, why, until when."""

    action = policies.SEE_READERS
    template_name = "workspace/who_can_see.html"

    def get(self, request: HttpRequest, reference: str) -> HttpResponse:
        return self.page(
            readers=who.readers(self.family),
            may_ask=policies.EXPLAIN.allows(self.asker, self.family),
            may_print=policies.PRINT_READERS.allows(self.asker, self.family),
        )


class FamilysCopy(FamilyView, abstract=True):
    """What a family, or one person of it, is told of who can see their information, and who has looked at it."""

    action = policies.PRINT_READERS

    def person(self) -> Person | None:
        wanted = self.request.GET.get("person", "")
        if not wanted:
            return None
        found: Person = self.row(Person, pk=_number(wanted) if wanted.isascii() else 0)
        return found


class ForTheFamily(FamilysCopy):
    """On the screen, with the prints for the whole family and for each person."""

    template_name = "workspace/readers_for_family.html"

    def get(self, request: HttpRequest, reference: str) -> HttpResponse:
        person = self.person()
        return self.page(
            told=printing.what_the_family_is_told(self.family, person),
            person=person,
            people=list(self.family.people()),
        )


class PrintReaders(FamilysCopy):
    def get(self, request: HttpRequest, reference: str) -> HttpResponse:
        pdf = printing.readers_pdf(self.family, self.person(), large_print="large" in request.GET)
        return pdf_response(pdf, filename=f"who-can-see-{self.family.reference}.pdf")


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
