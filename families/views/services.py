"""Additional services that a family is asked to have: which, and what they answer."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse

from earlyhelp.access.views import FamilyView
from earlyhelp.core import clock
from earlyhelp.drafts.pages import FamilyFormPage
from earlyhelp.govuk.fields import list_words
from earlyhelp.procedures.services import procedure_in_force
from families import policies
from families.case import episode
from families.forms import services as forms
from families.models import ServiceRequest
from families.services import additional

COLOURS = {
    ServiceRequest.Status.SENT: "yellow",
    ServiceRequest.Status.WAITING: "blue",
    ServiceRequest.Status.ACCEPTED: "green",
    ServiceRequest.Status.DECLINED: "red",
    ServiceRequest.Status.TAKEN_BACK: "grey",
}


class Services(FamilyView):
    """Which services were asked for, the latest first, and what they answered."""

    action = policies.SEE_SERVICES
    template_name = "families/services.html"

    def get(self, request: HttpRequest, reference: str) -> HttpResponse:
        rows = ServiceRequest.objects.filter(family=self.family).select_related("sent_by", "answer_recorded_by")
        names = {person.pk: person.short_name for person in self.family.everyone()}
        return self.page(
            asked=[
                {
                    "row": row,
                    "colour": COLOURS[ServiceRequest.Status(row.status)],
                    "about": list_words([names[pk] for pk in row.about if pk in names]),
                    "may_answer": policies.ANSWER_SERVICE.allows(self.asker, row),
                }
                for row in rows
            ],
            may_ask=self.may(policies.ASK_SERVICE),
        )


class ServicePage(FamilyFormPage, abstract=True):
    def back_url(self) -> str:
        return reverse("services", args=[self.family.reference])


class ChooseService(FamilyView):
    """Which service; whoever isn't sure sees whom to ring, and asks for nothing."""

    action = policies.ASK_SERVICE
    template_name = "families/choose_service.html"

    def get(self, request: HttpRequest, reference: str) -> HttpResponse:
        form, not_sure = forms.ChooseServiceForm(request.GET or None), False
        if request.GET and form.is_valid():
            chosen = form.cleaned_data["service"]
            if chosen != forms.NOT_SURE:
                return HttpResponseRedirect(reverse("ask_service_for", args=[reference, chosen]))
            not_sure = True
        back = reverse("services", args=[reference])
        return self.page(form=form, not_sure=not_sure, services=procedure_in_force().services, back_url=back)


class AskService(ServicePage):
    action = policies.ASK_SERVICE
    form_class = forms.AskServiceForm
    submit_text = "Save the request"
    success = "Saved. Record the answer when it comes."

    def load(self, **kwargs: Any) -> None:
        super().load(**kwargs)
        services = procedure_in_force().services
        self.service = next((one for one in services.offered if one.code == kwargs["service"]), None)
        if self.service is None:
            raise Http404
        self.title = f"{services.form}: {self.service.name}"
        lead = procedure_in_force().words.lead
        self.lede = f"Asking a service hands nothing over: the {lead} stays responsible, and the team goes on."

    def draft_title(self) -> str:
        return f"{self.action.label}, {self.family.reference}"

    def back_url(self) -> str:
        return reverse("ask_service", args=[self.family.reference])

    def form_kwargs(self) -> dict[str, Any]:
        return {"people": list(self.family.people())}

    def initial(self) -> dict[str, Any]:
        return {"sent_on": clock.today()}

    def save(self, form: forms.AskServiceForm) -> str:
        assert self.service
        current = episode(self.case)
        assert current
        data = form.cleaned_data | {"about": sorted(map(int, form.cleaned_data["about"]))}
        additional.ask(
            family=self.family,
            episode=current,
            said=additional.Asked(service=self.service.code, **data),
            actor=self.user,
        )
        return reverse("services", args=[self.family.reference])


class AnswerService(ServicePage):
    action = policies.ANSWER_SERVICE
    form_class = forms.ServiceAnswerForm
    success = "Saved."

    def load(self, **kwargs: Any) -> None:
        super().load(**kwargs)
        self.asked = self.row(ServiceRequest, pk=kwargs["pk"])
        self.title = f"What did {self.asked.service_name} answer?"

    def thing(self) -> ServiceRequest:
        found: ServiceRequest = self.asked
        return found

    def form_kwargs(self) -> dict[str, Any]:
        return {"waits": self.asked.status == ServiceRequest.Status.WAITING}

    def initial(self) -> dict[str, Any]:
        return {"answered_on": clock.today()}

    def save(self, form: forms.ServiceAnswerForm) -> str:
        additional.answered(asked=self.asked, actor=self.user, **form.cleaned_data)
        return self.back_url()
