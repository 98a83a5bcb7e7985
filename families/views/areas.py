"""The name that a family goes by, and its area."""

from typing import Any

from django.urls import reverse

from earlyhelp.core import clock
from earlyhelp.drafts.pages import FamilyFormPage
from earlyhelp.govuk.components import when_text
from families import policies
from families.forms import areas as forms
from families.models import AreaMove
from families.services import areas


class Rename(FamilyFormPage):
    action = policies.CHANGE_FAMILY
    form_class = forms.NameForm
    title = "Change the family’s name"
    success = "Saved."

    def back_url(self) -> str:
        return reverse("people", args=[self.family.reference])

    def initial(self) -> dict[str, Any]:
        return {"name": self.family.name}

    def save(self, form: forms.NameForm) -> str:
        areas.rename(family=self.family, actor=self.user, **form.cleaned_data)
        return self.back_url()


class MoveArea(FamilyFormPage):
    action = policies.CHANGE_FAMILY
    form_class = forms.AreaForm
    submit_text = "Move them"
    warning = (
        "The officers of the new area see that you support this family, and those of the area before don’t any more. Who"
        " leads, the team, deadlines and what the family shares stay as they are."
    )

    def get_title(self) -> str:
        return f"Does the family not belong to {self.family.locality} any more?"

    def back_url(self) -> str:
        return reverse("people", args=[self.family.reference])

    def initial(self) -> dict[str, Any]:
        return {"on": clock.today()}

    def form_kwargs(self) -> dict[str, Any]:
        waiting = AreaMove.objects.filter(family=self.family, done_at=None)
        return {"now": self.family.locality, "is_to_move": waiting.exists()}

    def save(self, form: forms.AreaForm) -> str:
        move = areas.move(family=self.family, actor=self.user, **form.cleaned_data)
        if move is None:
            self.success = f"The family stays in {self.family.locality}."
        else:
            when = "now" if move.done_at else f"from {when_text(move.moved_on)} on"
            self.success = f"The family belongs to {move.moved_to} {when}."
        return self.back_url()
