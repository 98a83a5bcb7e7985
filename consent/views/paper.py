"""The agreement form on paper: printed, signed, filed."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse

from consent import policies
from consent.documents import agreement_pdf, blank_pdf, file_scan
from consent.forms import agreement as forms
from consent.models import Agreement
from consent.presenters import readable
from consent.views.choices import ConsentPage
from consent.views.printing import PrintPage
from earlyhelp.access.actions import Asker
from earlyhelp.access.case import Case
from earlyhelp.access.levels import Level
from earlyhelp.access.views import ActionView, FamilyView
from earlyhelp.printing.pdf import pdf_response
from families import case as family_case
from families.models import Person


def whose_choices(case: Case, asker: Asker) -> list[Person]:
    """Whose choices the asker reads: everyone's for who records them, else those of whom they may know more than basic
    information."""
    people = family_case.people(case)
    may_record, may_read = policies.RECORD.allows(asker, case), readable(people, asker)
    return [person for person in people if may_record or person.pk in may_read]


class FileScan(ConsentPage):
    """The signed form, looked into before it is kept (DEV-07)."""

    action = policies.FILE_SCAN
    form_class = forms.ScanForm
    title = "File the signed form"
    submit_text = "File it"
    success = "The signed form is filed."
    keeps_draft = False

    def form_kwargs(self) -> dict[str, Any]:
        return {"people": [person for person in self.family.people() if person.speaks]}

    def initial(self) -> dict[str, Any]:
        """Who signed on paper last, and when, as the record says already."""
        on_paper = Agreement.objects.filter(
            episode=family_case.episode(self.case),
            how=Agreement.How.SIGNED,
            decision=Agreement.Decision.GIVEN,
            mistake=None,
        )
        last = on_paper.order_by("-decided_on", "-pk").first()
        if last is None:
            return {}
        with_it = on_paper.filter(decided_on=last.decided_on).values_list("person", flat=True)
        return {"signed_by": [str(pk) for pk in with_it], "signed_on": last.decided_on}

    def save(self, form: forms.ScanForm) -> str:
        file_scan(
            family=self.family,
            upload=form.cleaned_data["scan"],
            signed_on=form.cleaned_data["signed_on"],
            signed_by=[form.people[pk] for pk in form.cleaned_data["signed_by"]],
            actor=self.user,
        )
        return self.back_url()


class ChoosePrint(FamilyView):
    """Whose form to print, and how large."""

    action = policies.PRINT_FORM
    template_name = "consent/choose_print.html"

    def get(self, request: HttpRequest, reference: str) -> HttpResponse:
        return self.page(people=whose_choices(self.case, self.asker))


class PrintForm(PrintPage):
    """The form, filled in with what is known: of the family, or of one person."""

    action = policies.PRINT_FORM
    what = "The form, filled in"

    def find(self) -> None:
        wanted = self.request.GET.get("person", "")
        self.people = whose_choices(self.case, self.asker)
        self.person = next((person for person in self.people if str(person.pk) == wanted), None)
        if wanted and not self.person:
            raise Http404

    def about(self) -> set[int]:
        return {self.person.pk} if self.person else {person.pk for person in self.people}

    def one(self) -> Person | None:
        return self.person

    def whose(self) -> str:
        return f" with what {self.person.name} chose" if self.person else ""

    def back_url(self) -> str:
        return f"{self.family.get_absolute_url()}sharing/"

    def pdf(self, *, for_family: bool, without: set[int], large_print: bool) -> bytes:
        return agreement_pdf(
            self.family,
            people=[person for person in self.people if person.pk not in without],
            person=self.person,
            names_excluded=for_family and self.asker.level >= Level.LEAD,
            large_print=large_print,
        )

    def filename(self) -> str:
        return f"agreement-{self.family.reference}.pdf"


class PrintBlank(ActionView):
    """The form for a home visit."""

    action = policies.PRINT_BLANK

    def get(self, request: HttpRequest) -> HttpResponse:
        return pdf_response(blank_pdf(large_print="large" in request.GET), filename="agreement-blank.pdf")
