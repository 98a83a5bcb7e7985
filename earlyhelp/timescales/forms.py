from earlyhelp.govuk.components import Choice
from earlyhelp.govuk.fields import DateField, RadioField, ReasonField
from earlyhelp.govuk.forms import GovukForm


class AskExtensionForm(GovukForm):
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
