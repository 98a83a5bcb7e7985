from django.core.exceptions import ValidationError

from consent.models import EmergencyAccess
from earlyhelp.govuk.components import Choice
from earlyhelp.govuk.fields import RadioField, ReasonField, TextAreaField, TextField
from earlyhelp.govuk.forms import GovukForm
from families.references import read_reference


class EmergencyForm(GovukForm):
    reference = TextField(
        label="Reference",
        required_message="Enter the reference of the record",
        help_text="Seven digits, as you were told them. For example, 482-9156.",
        max_length=20,
        width=10,
    )
    reason = ReasonField(
        label="What is the emergency?",
        required_message="Enter what the emergency is",
        help_text="Who is at risk, and why it can’t wait until you reach the lead.",
        max_length=2000,
    )

    def clean_reference(self) -> str:
        reference = read_reference(self.cleaned_data["reference"])
        if reference is None:
            raise ValidationError(
                "Enter a reference with seven numbers, like 482-9156. Check it with who gave it to you"
            )
        return reference


class ReviewForm(GovukForm):
    finding = RadioField(
        label="Was it right to open the record?",
        required_message="Select whether it was right to open the record",
        choices=[
            Choice("right", "Yes"),
            Choice("wrong", "No", hint="Their access ends at once, and the service manager is told."),
        ],
    )
    note = TextAreaField(
        label="Note",
        required=False,
        help_text="If it was not right, say what was wrong.",
        max_length=2000,
    )

    def clean(self) -> None:
        super().clean()
        data = self.cleaned_data
        if data.get("finding") == EmergencyAccess.Finding.WRONG and not data.get("note"):
            self.add_error("note", "Enter what was wrong")
