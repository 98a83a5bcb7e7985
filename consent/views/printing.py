"""Whom a copy is for, asked and logged before there is one: every print of a family's record goes through here."""

from typing import Any, ClassVar

from django.db import transaction
from django.http import HttpRequest, HttpResponse

from consent import policies
from consent.forms import disclosures as forms
from consent.models import Disclosure
from consent.services.competence import deciding
from consent.services.disclosures import record_disclosure
from consent.views.disclosures import RecipientPage
from earlyhelp.access.reads import log_read
from earlyhelp.printing.pdf import pdf_response
from families.models import Person


class PrintPage(RecipientPage, abstract=True):
    """Asks whom a copy is for, then gives the PDF and logs that it left, in one transaction: no copy without it."""

    form_class = forms.CopyForm
    title = "Who is this copy for?"
    submit_text = "Make the PDF"
    keeps_draft = False
    what: ClassVar[str]

    def find(self) -> None:
        """Fetch what is to be printed, or 404."""

    def one(self) -> Person | None:
        """Whose copy it is, when it is one person's alone."""
        return None

    def form_kwargs(self) -> dict[str, Any]:
        people = list(self.family.people())
        return super().form_kwargs() | {
            "people": people,
            "deciding": deciding(self.family, people),
            "one": self.one(),
        }

    def whose(self) -> str:
        """What the page says of whose copy it is, after what it is."""
        return ""

    def pdf(self, *, for_family: bool, without: set[int], large_print: bool) -> bytes:
        """The copy, `without` what is about those people."""
        raise NotImplementedError

    def filename(self) -> str:
        raise NotImplementedError

    def get_lede(self) -> str:
        size = ", in large print" if "large" in self.request.GET else ""
        return f"{self.what}{self.whose()}{size}. The answer is kept, with your name and the time."

    def log(self) -> None:
        what = self.action if self.request.method == "POST" else policies.ASK_WHOM_FOR
        log_read(what=what.code, family_id=self.family.pk, reference=self.family.reference)

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        self.find()
        return super().get(request, *args, **kwargs)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        self.find()
        form = self.form_class(request.POST, **self.form_kwargs())
        if not form.is_valid():
            return self.show(form, None)
        with transaction.atomic():
            one = self.one()
            recipient = {"about": [one.pk] if one else []} | form.recipient()
            for_family = recipient["basis"] == Disclosure.Basis.FAMILY
            gone = {person.pk for person in self.family.everyone() if person.left_on}
            pdf = self.pdf(for_family=for_family, without=form.left_out() | gone, large_print="large" in request.GET)
            record_disclosure(
                family=self.family, how=Disclosure.How.PRINTED, what=self.what, actor=self.user, **recipient
            )
        return pdf_response(pdf, filename=self.filename())
