from earlyhelp.govuk.fields import DateField, TextField
from earlyhelp.govuk.forms import GovukForm


class ClosureForm(GovukForm):
    day = DateField(
        label="Which day?",
        noun="The day",
        required_message="Enter the day",
        future=True,
        help_text="For example, 24 12 2026.",
    )
    name = TextField(
        label="What is the day called?",
        noun="What the day is called",
        required_message="Enter what the day is called, such as staff training day",
        max_length=100,
        width="two-thirds",
    )
