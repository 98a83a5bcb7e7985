from typing import Any

from django import forms

from earlyhelp.govuk.components import Choice
from earlyhelp.govuk.fields import DateField, RadioField, ReasonField, SelectField
from earlyhelp.govuk.forms import GovukForm
from families.models import Person

MISTAKE, TWICE = "mistake", "twice"


class LeavingForm(GovukForm):
    why = RadioField(label="What happened?", required_message="Select what happened")
    on = DateField(
        label="Since when?",
        noun="The day",
        required_message="Enter the day",
        past=True,
        help_text="For example, 27 3 2026.",
    )
    same_as = SelectField(
        label="Who are they?", required_message="Select who they are", blank="Select the person to keep"
    )
    reason = ReasonField(
        label="How do you know?",
        required_message="Enter how you know",
        help_text="Only the service manager reads this.",
        rows=3,
        max_length=1000,
    )

    def __init__(self, *args: Any, others: list[Person], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.set_choices("same_as", [("", "Select the person to keep"), *((str(p.pk), p.name) for p in others)])
        self.set_choices(
            "why",
            [
                Choice(Person.Left.DIED, Person.Left.DIED.label, reveals=("on",)),
                Choice(Person.Left.LEFT, Person.Left.LEFT.label, reveals=("on",)),
                Choice(MISTAKE, "They were added by mistake", reveals=("reason",)),
                *([Choice(TWICE, "They are recorded twice", reveals=("same_as", "reason"))] if others else []),
            ],
        )

    def clean_same_as(self) -> int | None:
        chosen = self.cleaned_data["same_as"]
        if chosen and not str(chosen).isdigit():
            raise forms.ValidationError("Select who they are")
        return int(chosen) if chosen else None
