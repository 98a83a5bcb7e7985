from earlyhelp.govuk.fields import TextAreaField, TextField
from earlyhelp.govuk.forms import GovukForm


class GoesOnForm(GovukForm):
    who = TextField(
        label="Who goes on with them?",
        noun="Who goes on with them",
        required_message="Enter the name and agency of who goes on with them",
        help_text="Someone whom they trust and who agreed to it, such as “Sam Reed, youth worker, Marsh Lane”.",
        width="two-thirds",
    )
    how = TextAreaField(
        label="What was agreed with them?",
        noun="What was agreed",
        required_message="Enter what was agreed with them",
        help_text="When they speak next, and whom they ring if things get worse. Whoever may know of them reads this.",
        rows=3,
        max_length=2000,
    )
