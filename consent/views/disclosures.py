from typing import Any, ClassVar

from django.core.paginator import Paginator
from django.db import transaction
from django.http import HttpRequest, HttpResponse

from consent import policies
from consent.forms import disclosures as forms
from consent.models import Disclosure, LawfulSharing
from consent.presenters import readable
from consent.services.disclosures import record_disclosure
from earlyhelp.access.levels import Level
from earlyhelp.access.reads import log_read
from earlyhelp.access.views import FamilyView
from earlyhelp.drafts.pages import FamilyFormPage
from earlyhelp.printing.pdf import pdf_response

PER_PAGE = 25


class RecipientPage(FamilyFormPage, abstract=True):
    """A page that asks to whom information goes."""

    template_name = "consent/recipient.html"

    def form_kwargs(self) -> dict[str, Any]:
        decisions = LawfulSharing.objects.filter(family=self.family)
        return {"family": self.family, "about": self.about(), "decisions": list(decisions)}

    def about(self) -> set[int]:
        """Whom the information is about: everyone of whom the asker reads more than basic information, unless the page
        knows better."""
        return readable(self.family.people(), self.asker)

    def context(self) -> dict[str, Any]:
        return super().context() | {"may_share": self.may(policies.SHARE_LAWFULLY)}


class PrintPage(RecipientPage, abstract=True):
    """Asks whom a copy is for, then gives the PDF and logs that it left, in one transaction: no copy without it."""

    form_class = forms.RecipientForm
    title = "Who is this copy for?"
    submit_text = "Make the PDF"
    keeps_draft = False
    what: ClassVar[str]

    def find(self) -> None:
        """Fetch what is to be printed, or 404."""

    def of_one(self) -> set[int]:
        """Whom the log names the copy's subject: nobody for a copy of the whole family."""
        return set()

    def whose(self) -> str:
        """What the page says of whose copy it is, after what it is."""
        return ""

    def pdf(self, *, for_family: bool, large_print: bool) -> bytes:
        raise NotImplementedError

    def filename(self) -> str:
        raise NotImplementedError

    @property
    def lede(self) -> str:  # type: ignore[override]
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
            recipient = form.recipient()
            for_family = recipient["basis"] == Disclosure.Basis.FAMILY
            pdf = self.pdf(for_family=for_family, large_print="large" in request.GET)
            record_disclosure(
                family=self.family,
                how=Disclosure.How.PRINTED,
                what=self.what,
                about=self.of_one(),
                actor=self.user,
                **recipient,
            )
        return pdf_response(pdf, filename=self.filename())


class Disclosures(FamilyView):
    """What was given to whom: all of it for who leads, for others what they gave themselves."""

    action = policies.SEE_DISCLOSURES
    template_name = "consent/disclosures.html"

    def get(self, request: HttpRequest, reference: str) -> HttpResponse:
        rows = Disclosure.objects.filter(family=self.family).select_related("created_by", "agency", "lawful_sharing")
        page = Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))
        return self.page(
            page_obj=page,
            sees_all=self.asker.level >= Level.LEAD,
            may_record=self.may(policies.RECORD_DISCLOSURE),
        )


class RecordDisclosure(RecipientPage):
    action = policies.RECORD_DISCLOSURE
    form_class = forms.DisclosureForm
    title = "Record that information was given"
    submit_text = "Record it"
    success = "Recorded."

    def back_url(self) -> str:
        return f"{self.family.get_absolute_url()}sharing/given/"

    def save(self, form: forms.DisclosureForm) -> str:
        data = form.cleaned_data
        record_disclosure(
            family=self.family,
            how=data["how"],
            what=data["what"],
            about=form.told_of(),
            at=data["at"],
            actor=self.user,
            **form.recipient(),
        )
        return self.back_url()
