"""A step-down is opened: by its social worker, or for them."""

import uuid
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse

from earlyhelp.access.views import ActionView
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

    def is_written(self, form: Any) -> bool:
        chosen = {"worker"} if len(form.workers) == 1 else set()
        return bool(set(form.changed_data) - chosen) or any(person.has_changed() for person in self.people)

    def save(self, form: Any) -> str:
        step_down = open_step_down(form.said(self.people), actor=self.user)
        if step_down.confirmed_at is None:
            self.success = f"Opened. {step_down.worker} is asked whether it is theirs."
        elif step_down.family_id is None:
            self.success = (
                "Opened. Someone of them may be known, so the early help team of the area finds the family first."
            )
        else:
            self.success = "Opened. The family’s record is new."
        return step_down.get_absolute_url()
