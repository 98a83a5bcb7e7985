from datetime import datetime
from typing import Any

from earlyhelp.core.dates import end_of
from earlyhelp.govuk.components import Choice
from earlyhelp.govuk.fields import DateField, PastMomentField, RadioField, ReasonField
from earlyhelp.govuk.forms import GovukForm


class AskExtensionForm(GovukForm):
    """More time until a day; of a clock that counts hours, until a moment."""

    reason = ReasonField(
        label="Why is more time needed?",
        required_message="Enter why more time is needed",
        help_text="The manager who decides reads this, and it stays with the record.",
        max_length=2000,
    )
    due_on = DateField(
        label="Until when?",
        noun="The new date",
        required_message="Enter the new date",
        future=True,
        help_text="The last day of the longer time. For example, 27 3 2027.",
    )

    def __init__(self, *args: Any, by_hours: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if by_hours:
            self.fields["due_on"] = PastMomentField(
                label="Until when?",
                noun="The new time",
                required_message="Enter the new date and time",
                past=False,
                help_text="For example, 27 3 2027 and 14:30.",
            )

    def due_at(self) -> datetime:
        until: Any = self.cleaned_data["due_on"]
        return until if isinstance(until, datetime) else end_of(until)


class DecideExtensionForm(GovukForm):
    answer = RadioField(
        label="Your decision",
        required_message="Select your decision",
        choices=[Choice("yes", "Approve"), Choice("no", "Decline", reveals=("reason",))],
    )
    reason = ReasonField(
        label="Your reason",
        required_message="Enter the reason for declining",
        help_text="The person who asked reads it.",
        max_length=2000,
    )
