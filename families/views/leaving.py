"""Someone died, left, or was added by mistake; and is here after all."""

from typing import Any

from django.urls import reverse

from earlyhelp.core import clock
from earlyhelp.drafts.pages import FamilyFormPage
from earlyhelp.govuk.fields import list_words
from earlyhelp.govuk.forms import GovukForm
from families import policies
from families.forms.leaving import MISTAKE, TWICE, LeavingForm
from families.models import Person
from families.services import leaving


class OnePerson(FamilyFormPage, abstract=True):
    action = policies.PERSON_LEFT
    keeps_draft = False

    def load(self, **kwargs: Any) -> None:
        super().load(**kwargs)
        self.person = self.row(Person, pk=kwargs["pk"])

    def back_url(self) -> str:
        return reverse("people", args=[self.family.reference])


class Leave(OnePerson):
    form_class = LeavingForm
    template_name = "families/leave.html"
    removes = True
    submit_text = "They are not here any more"

    def get_title(self) -> str:
        return f"Is {self.person.name} not here any more?"

    def form_kwargs(self) -> dict[str, Any]:
        return {"others": [person for person in self.family.people() if person != self.person]}

    def initial(self) -> dict[str, Any]:
        return {"on": clock.today()}

    def context(self) -> dict[str, Any]:
        hanging = [f"{count} {name}" for name, count in leaving.hanging_on(self.person).items()]
        return super().context() | {"person": self.person, "hanging": list_words(hanging)}

    def save(self, form: LeavingForm) -> str:
        data = form.cleaned_data
        name = self.person.short_name
        if data["why"] in (MISTAKE, TWICE):
            same_as = self.row(Person, pk=data["same_as"]) if data["why"] == TWICE else None
            leaving.never_here(person=self.person, reason=data["reason"], same_as=same_as, actor=self.user)
            self.success = "They are out of sight. The service manager is told, and can put them back."
        else:
            leaving.leave(person=self.person, on=data["on"], because=data["why"], actor=self.user)
            self.success = f"{name} is gone from forms, letters and prints. What was recorded stays to be read."
        return self.back_url()


class ComeBack(OnePerson):
    form_class = GovukForm
    submit_text = "They are here"
    success = "They are part of the family’s help again."

    def get_title(self) -> str:
        return f"Is {self.person.name} here after all?"

    def get_lede(self) -> str:
        return (
            "They are in forms, letters and prints again. What they decided before holds again as long as they said, unless"
            " it has run out or someone decided otherwise since."
        )

    def save(self, form: GovukForm) -> str:
        leaving.come_back(person=self.person, actor=self.user)
        return self.back_url()
