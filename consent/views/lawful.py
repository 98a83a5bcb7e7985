from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from consent import policies
from consent.forms import lawful as forms
from consent.models import LawfulSharing
from consent.services import lawful
from earlyhelp.access.levels import Level
from earlyhelp.access.views import FamilyView
from earlyhelp.accounts.models import Agency
from earlyhelp.core import clock
from earlyhelp.core.errors import Refused
from earlyhelp.drafts.pages import FamilyFormPage
from earlyhelp.govuk.components import Row, until_text, when_text
from earlyhelp.procedures.services import name_of, procedure_in_force
from families.forms.requests import RiskForm
from families.services import giving


class SharedWithout(FamilyView):
    """What was shared without agreement, and who has access by it."""

    action = policies.SEE_LAWFUL
    template_name = "consent/lawful_list.html"

    def get(self, request: HttpRequest, reference: str) -> HttpResponse:
        rows = LawfulSharing.objects.filter(family=self.family).select_related("created_by", "user")
        return self.page(
            rows=[(row, name_of("reasons.without_agreement", row.reason), in_force(row)) for row in rows],
            share_text=f"Share without {procedure_in_force().words.agreement}",
            sees_all=self.asker.level >= Level.LEAD,
            may_share=self.may(policies.SHARE_LAWFULLY),
        )


def in_force(sharing: LawfulSharing) -> bool:
    return bool(sharing.access_until and sharing.access_until > clock.now() and not sharing.access_ended_at)


class StartLawful(FamilyFormPage):
    """First of all: is a child at risk of significant harm? Telling the council never waits for a form (ROT-17, ROT-18)."""

    action = policies.SHARE_LAWFULLY
    form_class = RiskForm
    template_name = "consent/lawful_start.html"
    title = "Is a child at risk of significant harm?"
    submit_text = "Continue"
    keeps_draft = False

    def back_url(self) -> str:
        return reverse("lawful", args=[self.family.reference])

    def save(self, form: RiskForm) -> str:
        at_risk = form.cleaned_data["at_risk"] == "yes"
        return reverse("lawful_harm" if at_risk else "share_lawfully", args=[self.family.reference])


class LawfulHarm(FamilyView):
    """Whom to ring, now; the record comes afterwards (ROT-18)."""

    action = policies.SHARE_LAWFULLY
    template_name = "consent/lawful_harm.html"

    def get(self, request: HttpRequest, reference: str) -> HttpResponse:
        return self.page()


class ShareLawfully(FamilyFormPage):
    action = policies.SHARE_LAWFULLY
    form_class = forms.LawfulSharingForm
    template_name = "consent/share_lawfully.html"
    submit_text = "Record the decision"
    success = "The decision is recorded. Your adviser has been told that you named them."

    def get_title(self) -> str:
        return f"Share without {procedure_in_force().words.agreement}"

    def back_url(self) -> str:
        return reverse("lawful", args=[self.family.reference])

    def form_kwargs(self) -> dict[str, Any]:
        gives = policies.may_give_access(self.asker)
        open_agencies = set(Agency.objects.filter(is_open=True).values_list("pk", flat=True)) if gives else set()
        return {
            "people": list(self.family.people()),
            "advisers": lawful.advisers(self.family, self.user),
            "accounts": giving.candidates(giving.TO_JOIN, open_agencies, but=[self.user.pk]),
            "may_give_access": gives,
        }

    def save(self, form: forms.LawfulSharingForm) -> str:
        sharing = lawful.share_without_agreement(form.said(), family=self.family, actor=self.user)
        if sharing.user and sharing.access_until:
            can_see = f"{sharing.user} of {sharing.agency} can see this part of the record until"
            self.success = f"{self.success} {can_see} {until_text(sharing.access_until)}."
        return reverse("lawful_sharing", args=[self.family.reference, sharing.pk])


class ShowLawful(FamilyView):
    """One decision, for who leads and who made it."""

    action = policies.SEE_LAWFUL
    template_name = "consent/lawful.html"

    def get(self, request: HttpRequest, reference: str, pk: int) -> HttpResponse:
        sharing: LawfulSharing = self.row(LawfulSharing, pk=pk)
        names = [person.name for person in self.family.everyone() if person.pk in sharing.about]
        rows = [
            Row("Why", name_of("reasons.without_agreement", sharing.reason)),
            Row("Explanation", sharing.explanation),
            Row("Lawful basis", name_of("reasons.lawful_bases", sharing.basis)),
            Row("What was shared", sharing.what),
            Row("About", ", ".join(names)),
            Row("With whom", sharing.with_whom),
            Row("Their agency", sharing.agency or "None that uses this system"),
            Row("How", ", ".join(given.get_how_display() for given in sharing.disclosures.all())),
            Row("When", when_text(sharing.decided_at)),
            Row("Decided by", sharing.created_by),
            Row("Adviser", sharing.adviser),
            Row("Advice", sharing.advice),
            Row("Was the family told?", "Yes" if sharing.told else f"No. {sharing.not_told_because}"),
        ]
        return self.page(sharing=sharing, rows=rows, in_force=in_force(sharing))


class EndLawfulAccess(FamilyView):
    action = policies.SHARE_LAWFULLY

    def post(self, request: HttpRequest, reference: str, pk: int) -> HttpResponse:
        sharing: LawfulSharing = self.row(LawfulSharing, pk=pk)
        try:
            lawful.end_access(sharing=sharing)
        except Refused as refused:
            messages.warning(request, refused.reason)
        else:
            messages.success(request, "Their access has ended.")
        return redirect("lawful_sharing", reference, pk)
