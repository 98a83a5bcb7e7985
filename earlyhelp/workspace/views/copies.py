"""What a family is told of who can see their information, and who has looked at it."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from consent.models import Disclosure
from consent.services.disclosures import record_disclosure
from consent.views.printing import PrintPage
from earlyhelp.access.views import FamilyView
from earlyhelp.core.text import number
from earlyhelp.drafts.pages import FamilyFormPage
from earlyhelp.govuk.forms import GovukForm
from earlyhelp.printing.pdf import pdf_response
from earlyhelp.workspace import policies, printing
from earlyhelp.workspace.forms import ChronologyForm
from families.models import Person


class FamilysCopy(FamilyView, abstract=True):
    """What a family, or one person of it, is told of who can see their information, and who has looked at it."""

    action = policies.PRINT_READERS

    def person(self) -> Person | None:
        wanted = self.request.GET.get("person", "")
        if not wanted:
            return None
        found: Person = self.row(Person, pk=number(wanted))
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


class PrintReaders(FamilysCopy, FamilyFormPage):
    """A print leaves, and that is kept: so it is asked for, and never made by a link alone."""

    form_class = GovukForm
    submit_text = "Make the PDF"
    keeps_draft = False

    def get_title(self) -> str:
        person = self.person()
        return f"Print a copy for {person.name if person else 'the family'}"

    def get_lede(self) -> str:
        size = " In large print." if "large" in self.request.GET else ""
        return f"Who can see the information, and who has looked at it.{size} That it was given is kept, with your name and the time."

    def back_url(self) -> str:
        return reverse("readers_for_family", args=[self.family.reference])

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        person = self.person()
        pdf = printing.readers_pdf(self.family, person, large_print="large" in request.GET)
        record_disclosure(
            family=self.family,
            how=Disclosure.How.PRINTED,
            what="Who can see the information, and who has looked at it",
            to_whom=person.name if person else "The family",
            about=[person.pk] if person else (),
            basis=Disclosure.Basis.FAMILY,
            actor=self.user,
        )
        return pdf_response(pdf, filename=f"who-can-see-{self.family.reference}.pdf")


class PrintChronology(PrintPage):
    """What is chosen on the chronology's page, first things first."""

    action = policies.PRINT_CHRONOLOGY
    what = "The chronology"

    def find(self) -> None:
        self.wanted = ChronologyForm(self.request.GET, people=list(self.family.everyone())).wanted()

    def back_url(self) -> str:
        return f"{reverse('chronology', args=[self.family.reference])}?{self.request.GET.urlencode()}"

    def pdf(self, *, for_family: bool, without: set[int], large_print: bool) -> bytes:
        return printing.chronology_pdf(
            self.family, self.wanted, without=without, for_family=for_family, large_print=large_print
        )

    def filename(self) -> str:
        return f"chronology-{self.family.reference}.pdf"
