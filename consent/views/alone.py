"""Whom a no hides from whoever runs the support: each has someone named who goes on with them."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse

from consent import policies
from consent.forms.alone import GoesOnForm
from consent.services import alone
from earlyhelp.access.views import FamilyView
from earlyhelp.drafts.pages import FamilyFormPage
from families.services.running import runner_of


class HiddenFromLead(FamilyView):
    action = policies.NAME_WHO_GOES_ON
    template_name = "consent/hidden_from_lead.html"

    def get(self, request: HttpRequest, reference: str) -> HttpResponse:
        people = alone.hidden_here(self.family)
        named = alone.who_goes_on(self.family, people)
        return self.page(
            rows=[(person, named.get(person.pk)) for person in people], runner=runner_of(self.family.episode())
        )


class NameWhoGoesOn(FamilyFormPage):
    action = policies.NAME_WHO_GOES_ON
    form_class = GoesOnForm
    submit_text = "Name them"
    success = "It is recorded who goes on with them."

    def load(self, **kwargs: Any) -> None:
        super().load(**kwargs)
        person = next((one for one in alone.hidden_here(self.family) if one.pk == kwargs["pk"]), None)
        if person is None:
            raise Http404
        self.person = person
        self.title = f"Who goes on with {person.short_name}?"
        self.lede = "Whoever runs the family’s support knows nothing of them. Someone else has to, whom they trust."

    def back_url(self) -> str:
        return reverse("hidden_from_lead", args=[self.family.reference])

    def save(self, form: GoesOnForm) -> str:
        alone.go_on(family=self.family, person=self.person, actor=self.user, **form.cleaned_data)
        return self.back_url()
