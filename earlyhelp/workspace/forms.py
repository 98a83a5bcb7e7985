from earlyhelp.govuk.fields import TextField
from earlyhelp.govuk.forms import GovukForm


class FilterNameForm(GovukForm):
    name = TextField(
        label="What do you call them?",
        required_message="Enter a name",
        max_length=60,
        width="two-thirds",
        help_text="Such as “Late, without a lead”. Name no family.",
    )
