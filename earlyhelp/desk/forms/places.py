from typing import Any

from earlyhelp.accounts.models import Agency, Locality
from earlyhelp.govuk.fields import (
    DateField,
    EmailField,
    ModelSelectField,
    PhoneField,
    ReasonField,
    SelectField,
    TextAreaField,
    TextField,
)
from earlyhelp.govuk.forms import GovukForm
from earlyhelp.procedures.services import procedure_in_force


class LocalityForm(GovukForm):
    name = TextField(label="Name", required_message="Enter the name", max_length=100, width="two-thirds")
    coordinator_name = TextField(
        label="Who holds the post of co-ordinator? (optional)",
        required=False,
        max_length=150,
        width="two-thirds",
        help_text="Leave it empty while the post is vacant. Pages then say so, and give the team’s number.",
    )
    coordinator_phone = PhoneField(label="Phone number (optional)", required=False)
    coordinator_email = EmailField(label="E-mail address (optional)", required=False)


class AgencyForm(GovukForm):
    name = TextField(label="Name", required_message="Enter the name", max_length=150, width="two-thirds")
    kind = SelectField(
        label="What kind of agency is it?",
        required_message="Select what kind of agency it is",
        blank="Select a kind",
        choices=Agency.Kind.choices,
    )
    locality = ModelSelectField(
        label="Where is it?", required=False, queryset=Locality.objects.none(), empty_label="The whole council’s"
    )
    address = TextAreaField(label="Address (optional)", required=False, rows=4, max_length=400, count=False)
    phone = PhoneField(label="Phone number (optional)", required=False)
    email = EmailField(label="E-mail address (optional)", required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.set_queryset("locality", Locality.objects.all())
        self.fields["locality"].label = f"Which {procedure_in_force().words.locality} is it in? (optional)"


class CloseForm(GovukForm):
    last_day = DateField(
        label="What is its last day?",
        noun="The last day",
        required_message="Enter its last day",
        future=True,
        help_text="At its end nobody works there any more, whether or not everything was handed over.",
    )
    why = ReasonField(label="Why does it close?", required_message="Enter why it closes", rows=3, max_length=2000)


class OpenForm(GovukForm):
    why = ReasonField(label="Why?", required_message="Enter why", rows=3, max_length=2000)


class TeamForm(GovukForm):
    name = TextField(label="Name of the team", required_message="Enter the name of the team", max_length=100)


class DistrictsForm(GovukForm):
    text = TextAreaField(
        label="The list",
        required_message="Enter at least one line",
        rows=15,
        max_length=50_000,
        count=False,
        help_text="A line each: the postcode district, a comma, and where it lies. Such as “MX1, North” or “MX1 2, South”.",
    )
