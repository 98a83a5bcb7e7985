"""A step-down is opened: by its social worker, or for them."""

import uuid
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse

from earlyhelp.access.views import ActionView
from families.models import Person
from families.views.asking import MakeRequest
from stepdown import policies
from stepdown.forms.stepdown import OpenForm
from stepdown.services.opening import open_step_down, workers_for


class StartOpening(ActionView):
    """A new draft each time: several may be begun."""

    action = policies.OPEN

    def get(self, request: HttpRequest) -> HttpResponse:
        return HttpResponseRedirect(reverse("open_step_down", args=[uuid.uuid4()]))


class OpenStepDown(MakeRequest):
    """Whom it is about, and why now: on one page."""

    action = policies.OPEN
    form_class = OpenForm  # type: ignore[assignment]
    template_name = "stepdown/open.html"

    def load(self, **kwargs: Any) -> None:
        super().load(**kwargs)
        self.submit_text = "Open the step-down"

    def _step(self) -> str:
        return ""

    def get_title(self) -> str:
        return "Open a step-down"

    def get_lede(self) -> str:
        return (
            "Nothing has to be agreed yet. First it is checked whether early help knows the family: if it may, the early help"
            " team of the area finds them, and nothing that is recorded opens to you."
        )

    def back_url(self) -> str:
        return reverse("step_downs")

    def form_kwargs(self) -> dict[str, Any]:
        return {"workers": workers_for(self.user)}

    def initial(self) -> dict[str, Any]:
        return {}

    def check_people(self) -> None:
        """Each has to be found in an earlier record, so it needs a date of birth or a postcode."""
        super().check_people()
        if self.request.POST.get("postcode", "").strip():
            return
        for person in self.people:
            said = person.cleaned_data
            unborn = said.get("kind") == Person.Kind.UNBORN
            if not (person.is_empty or unborn or said.get("date_of_birth") or said.get("postcode")):
                person.add_error(
                    "date_of_birth", "Enter their date of birth, or the family’s postcode above: year alone is enough"
                )

    def is_written(self, form: Any) -> bool:
        chosen = {"worker"} if len(form.workers) == 1 else set()
        return bool(set(form.changed_data) - chosen) or any(person.has_changed() for person in self.people)

    def save(self, form: Any) -> str:
        step_down = open_step_down(form.said(self.people), actor=self.user)
        if step_down.confirmed_at is None:
            self.success = f"Opened. {step_down.worker} is asked whether it is theirs."
        elif step_down.family_id is None:
            self.success = "Opened. Someone of the family may be known to early help: the early help team of the area checks that first."
        else:
            self.success = "Opened. The family’s record is new."
        return step_down.get_absolute_url()
