from earlyhelp.govuk.fields import ReasonField
from earlyhelp.govuk.forms import GovukForm


class MistakeForm(GovukForm):
    reason = ReasonField(
        label="How do you know that it was recorded by mistake?",
        required_message="Enter how you know that it was recorded by mistake",
        help_text="Whoever reads what the family decided can read this.",
        rows=3,
        max_length=1000,
    )
