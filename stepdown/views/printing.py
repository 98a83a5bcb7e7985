"""What of a step-down is printed: the pack, and the family's letter."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse

from consent.models import Disclosure
from consent.services.disclosures import record_disclosure
from consent.views.printing import PrintPage
from earlyhelp.drafts.pages import FamilyFormPage
from earlyhelp.printing.pdf import pdf_response
from stepdown import policies
from stepdown.forms.stepdown import LetterForm
from stepdown.models import StepDown
from stepdown.printing import letter_pdf, pack_pdf


class PrintPack(PrintPage):
    """For the new lead, and for the family's meeting."""

    action = policies.PRINT_PACK
    what = "The handover pack"

    def find(self) -> None:
        found = StepDown.objects.select_related("worker", "agency", "episode").filter(family=self.family).first()
        if found is None:
            raise Http404
        self.step_down = found

    def about(self) -> set[int]:
        """It names everyone of the family."""
        return {person.pk for person in self.family.people()}

    def back_url(self) -> str:
        return reverse("step_down_of", args=[self.family.reference])

    def pdf(self, *, for_family: bool, without: set[int], large_print: bool) -> bytes:
        return pack_pdf(self.step_down, self.family, without=without, for_family=for_family, large_print=large_print)

    def filename(self) -> str:
        return f"handover-{self.family.reference}.pdf"


class PrintHandoverLetter(FamilyFormPage):
    """To the family: who helps now, who comes and when, whom to ring."""

    action = policies.PRINT_HANDOVER_LETTER
    form_class = LetterForm
    title = "Print the family’s letter"
    lede = "It says who leads now and how to reach them, when both come together, and whom to ring."
    submit_text = "Make the PDF"
    keeps_draft = False

    def load(self, **kwargs: Any) -> None:
        super().load(**kwargs)
        found = StepDown.objects.select_related("worker", "agency", "episode").filter(family=self.family).first()
        if found is None:
            raise Http404
        self.step_down = found

    def back_url(self) -> str:
        return reverse("step_down_of", args=[self.family.reference])

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        form = LetterForm(request.POST)
        if not form.is_valid():
            return self.show(form, None)
        pdf = letter_pdf(self.step_down, self.family, visit_on=form.cleaned_data["visit_on"])
        record_disclosure(
            family=self.family,
            how=Disclosure.How.PRINTED,
            what="The letter about the handover",
            to_whom="The family",
            basis=Disclosure.Basis.FAMILY,
            actor=self.user,
        )
        return pdf_response(pdf, filename=f"handover-letter-{self.family.reference}.pdf")
