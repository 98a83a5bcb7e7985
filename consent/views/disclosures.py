from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse

from consent import policies
from consent.forms import disclosures as forms
from consent.models import Disclosure, LawfulSharing
from consent.presenters import readable
from consent.services.disclosures import record_disclosure
from earlyhelp.access.levels import Level
from earlyhelp.access.views import FamilyView
from earlyhelp.drafts.pages import FamilyFormPage

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
