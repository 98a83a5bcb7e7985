from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect
from django.urls import reverse

from consent import policies
from consent.forms import emergency as forms
from consent.models import EmergencyAccess
from consent.services import emergency, reviewing
from earlyhelp.access.reads import log_reads
from earlyhelp.access.views import ActionView, FamilyView
from earlyhelp.core import clock
from earlyhelp.drafts.pages import FamilyFormPage, FormPage
from earlyhelp.procedures.services import procedure_in_force

PER_PAGE = 25


class OpenInEmergency(FormPage):
    """A family's record for a day, by its reference and for a reason."""

    action = policies.OPEN_IN_EMERGENCY
    form_class = forms.EmergencyForm
    title = "Open a record in an emergency"
    submit_text = "Open the record"
    keeps_draft = False

    def back_url(self) -> str:
        return "/"

    def get_lede(self) -> str:
        hours = procedure_in_force().sharing.emergency_hours
        return f"You see the record for {hours} hours. Use this only when you can’t reach the lead and it can’t wait."

    warning = "This is recorded. The lead’s manager is told at once, and reviews what you opened and why."

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """A refusal is no error of the form's page: the try stays recorded."""
        form = self.form_class(request.POST)
        if form.is_valid():
            answer = emergency.open_record(actor=self.user, **form.cleaned_data)
            if answer.url:
                return HttpResponseRedirect(answer.url)
            form.add_error(None, answer.refused)
        return self.show(form, None)


class StopEmergency(FamilyView):
    action = policies.STOP_EMERGENCY

    def load(self, **kwargs: Any) -> None:
        super().load(**kwargs)
        self.access: EmergencyAccess = self.row(EmergencyAccess, pk=kwargs["pk"])

    def thing(self) -> EmergencyAccess:
        return self.access

    def post(self, request: HttpRequest, reference: str, pk: int) -> HttpResponse:
        reviewing.stop(access=self.access)
        messages.success(request, "Your emergency access has ended.")
        return redirect("/")


def to_review(user: Any) -> QuerySet[EmergencyAccess]:
    """What waits for the asker's review; row security says of which families."""
    return EmergencyAccess.objects.filter(finding="").exclude(user=user)


class Emergencies(ActionView):
    """Emergency access that waits for a review, oldest first, and what was found lately."""

    action = policies.SEE_EMERGENCIES
    template_name = "consent/emergencies.html"

    def get(self, request: HttpRequest) -> HttpResponse:
        waiting = to_review(self.user).select_related("family", "user").order_by("starts_at", "pk")
        page = Paginator(waiting, PER_PAGE).get_page(request.GET.get("page"))
        done = EmergencyAccess.objects.exclude(finding="").select_related("family", "user", "reviewed_by")
        reviewed = list(done.order_by("-reviewed_at")[:PER_PAGE])
        families = {row.family_id: row.family.reference for row in [*page, *reviewed]}
        log_reads(what=self.action.code, families=families.items())
        return self.page(page_obj=page, reviewed=reviewed)


class ReviewEmergency(FamilyFormPage):
    """Who opened the record, why, and what they looked at; whether that was right."""

    action = policies.REVIEW_EMERGENCY
    form_class = forms.ReviewForm
    template_name = "consent/review_emergency.html"
    title = "Review emergency access"
    submit_text = "Record the review"
    success = "The review is recorded."

    def load(self, **kwargs: Any) -> None:
        super().load(**kwargs)
        self.access: EmergencyAccess = self.row(EmergencyAccess, pk=kwargs["pk"])

    def thing(self) -> EmergencyAccess:
        return self.access

    def back_url(self) -> str:
        return reverse("emergencies")

    def context(self) -> dict[str, Any]:
        return super().context() | {
            "access": self.access,
            "still_open": self.access.ends_at > clock.now(),
            "opened": reviewing.opened(self.access),
        }

    def save(self, form: forms.ReviewForm) -> str:
        reviewing.review(access=self.access, actor=self.user, **form.cleaned_data)
        return self.back_url()
