from collections.abc import Sequence
from typing import Any

from earlyhelp.govuk.fields import CheckboxesField, DateField, SelectField, TextField
from earlyhelp.govuk.forms import GovukForm
from earlyhelp.workspace.chronology import Wanted
from families.models import Person


class ChronologyForm(GovukForm):
    since = DateField(label="From (optional)", noun="The first day", required=False)
    until = DateField(label="To (optional)", noun="The last day", required=False)
    person = SelectField(
        label="About whom (optional)",
        required=False,
        blank="Everyone",
        help_text="Only what names them. What is about the whole family is left out.",
    )
    matters = CheckboxesField(
        label="How much (optional)",
        required=False,
        small=True,
        choices=[("yes", "Only what matters most: without notes, contacts, documents and the steps in between")],
    )

    def __init__(self, *args: Any, people: Sequence[Person], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.set_choices("person", [("", "Everyone"), *((str(one.pk), one.name) for one in people)])

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        if data.get("since") and data.get("until") and data["until"] < data["since"]:
            self.add_error("until", "The last day must be after the first")
            data["since"] = None
        return data

    def wanted(self) -> Wanted:
        """What is asked for, as far as that is clear."""
        self.is_valid()
        data = self.cleaned_data
        person = int(data["person"]) if data.get("person") else None
        return Wanted(data.get("since"), data.get("until"), person, bool(data.get("matters")))


class FilterNameForm(GovukForm):
    name = TextField(
        label="What do you call them?",
        required_message="Enter a name",
        max_length=60,
        width="two-thirds",
        help_text="Such as “Late, without a lead”. Name no family.",
    )
