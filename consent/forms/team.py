"""Who leads and who is on the team: asked, invited, answered."""

from typing import Any

from earlyhelp.accounts.models import Agency, User
from earlyhelp.govuk.components import Choice
from earlyhelp.govuk.fields import RadioField, SelectField, TextAreaField
from earlyhelp.govuk.forms import GovukForm


class PractitionerForm(GovukForm):
    """Someone of an agency that the family shares with."""

    who = SelectField(label="Who?", required_message="Select a person", blank="Select a person")

    def __init__(self, *args: Any, people: list[tuple[User, Agency]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.people = {f"{user.pk}-{agency.pk}": (user, agency) for user, agency in people}
        words = [(key, f"{user.name}, {agency.name}") for key, (user, agency) in self.people.items()]
        self.set_choices("who", [("", "Select a person"), *sorted(words, key=lambda pair: pair[1])])

    def chosen(self) -> tuple[User, Agency]:
        return self.people[self.cleaned_data["who"]]


class InviteForm(PractitionerForm):
    role = RadioField(
        label="What will they do?",
        required_message="Select what they will do",
        choices=[
            Choice("contributor", "Contribute", hint="Read the record and add to the assessment, plan and notes."),
            Choice("attendee", "Come to reviews", hint="Read the record."),
        ],
    )


class LeadMyselfForm(GovukForm):
    family_wish = TextAreaField(
        label="Whom would the family most like to lead, and why?",
        required_message="Enter whom the family would most like to lead",
        help_text="In the family’s own words, the children’s too.",
        rows=3,
        max_length=1000,
    )


class AskToLeadForm(LeadMyselfForm, PractitionerForm):
    field_order = ("who", "family_wish")


class AskLocalityForm(GovukForm):
    reason = TextAreaField(
        label="Why is a lead hard to find?",
        required_message="Enter why a lead is hard to find",
        help_text="Who was asked, what they said, and whom the family would like. The early help team of the area reads it.",
        max_length=2000,
    )


class AnswerForm(GovukForm):
    """Yes, or no with a reason."""

    answer = RadioField(
        label="Your answer",
        required_message="Select your answer",
        choices=[Choice("yes", "Yes, I accept"), Choice("no", "No", reveals=("reason",))],
    )
    reason = TextAreaField(
        label="Your reason",
        required_message="Enter your reason for declining",
        help_text="Clear reasons help the family and the person who asked. They will be read.",
        max_length=2000,
    )
