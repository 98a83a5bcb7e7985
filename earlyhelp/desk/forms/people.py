from datetime import datetime
from typing import Any

from earlyhelp.accounts.models import Agency, Locality, Role, Team, User, WorksFor
from earlyhelp.core.dates import end_of
from earlyhelp.desk.services.people import BY_MANAGERS, Place
from earlyhelp.govuk.components import Choice
from earlyhelp.govuk.fields import (
    DateField,
    EmailField,
    ModelSelectField,
    PhoneField,
    RadioField,
    ReasonField,
    TextAreaField,
    TextField,
)
from earlyhelp.govuk.forms import GovukForm
from earlyhelp.procedures.services import procedure_in_force

MEANS = {
    Role.PRACTITIONER: "Works with families, leads them, writes in their record.",
    Role.MANAGER: "Oversees the families that their agency works with, and decides on more time.",
    Role.LOCALITY_OFFICER: "Answers requests of one area, and helps to find who leads.",
    Role.SERVICE_MANAGER: "Oversees early help for every family.",
    Role.BUSINESS_SUPPORT: "Checks for records and files signed forms, for one practitioner.",
    Role.SOCIAL_WORKER: "Steps families down from social care.",
    Role.AUDITOR: "Reads a sample of families.",
    Role.ADMINISTRATOR: "Keeps agencies, people and the procedure. Sees no family.",
}


class PlaceForm(GovukForm):
    """A role at an agency, with what that role needs besides."""

    agency = ModelSelectField(
        label="Where do they work?",
        required_message="Select where they work",
        queryset=Agency.objects.none(),
        empty_label="Select an agency",
    )
    role = RadioField(label="What is their role?", required_message="Select their role")
    locality = ModelSelectField(
        label="Which area are they the officer of?",
        required_message="Select which area they are the officer of",
        queryset=Locality.objects.none(),
        empty_label="Select an area",
    )
    supports = ModelSelectField(
        label="Whom do they support?",
        required_message="Select whom they support",
        queryset=User.objects.none(),
        empty_label="Select a person",
    )
    ends_on = DateField(
        label="Until when? (optional)",
        noun="The last day",
        required=False,
        future=True,
        help_text="The last day of this role. Leave it empty if it has no end.",
    )

    def __init__(self, *args: Any, agencies: Any, everywhere: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.set_queryset("agency", agencies)
        at = WorksFor.objects.filter(agency__in=agencies).values("user")
        self.set_queryset("supports", User.objects.filter(pk__in=at))
        self.set_queryset("locality", Locality.objects.all())
        if len(agencies) == 1:
            self.fields["agency"].initial = agencies[0]
        self.fields["locality"].label = f"Which {procedure_in_force().words.locality} are they the officer of?"
        if not everywhere:  # no officer is among the roles that are offered
            del self.fields["locality"]
        reveals = {Role.LOCALITY_OFFICER: ("locality",), Role.BUSINESS_SUPPORT: ("supports",)}
        roles = [role for role in Role if everywhere or role in BY_MANAGERS]
        self.set_choices(
            "role", [Choice(role.value, role.label, hint=MEANS[role], reveals=reveals.get(role, ())) for role in roles]
        )

    @property
    def place(self) -> Place:
        data = self.cleaned_data
        until: datetime | None = end_of(data["ends_on"]) if data.get("ends_on") else None
        return Place(data["agency"], data["role"], data.get("locality"), data.get("supports"), until)


class InviteForm(PlaceForm):
    name = TextField(label="Name", required_message="Enter their name", max_length=150, width="two-thirds")
    email = EmailField(
        label="E-mail address",
        required_message="Enter their e-mail address",
        help_text="Their own, at work. They sign in with it, and get the invitation there.",
    )
    job_title = TextField(label="Job title (optional)", required=False, max_length=150, width="two-thirds")
    phone = PhoneField(label="Phone number at work (optional)", required=False)
    field_order = ("name", "email", "job_title", "phone", "agency", "role", "locality", "supports", "ends_on")


class PersonForm(GovukForm):
    name = TextField(label="Name", required_message="Enter their name", max_length=150, width="two-thirds")
    job_title = TextField(label="Job title (optional)", required=False, max_length=150, width="two-thirds")
    phone = PhoneField(label="Phone number at work (optional)", required=False)


class ManyForm(GovukForm):
    text = TextAreaField(
        label="The list",
        required_message="Enter at least one line",
        rows=15,
        max_length=100_000,
        count=False,
        help_text="A line each, with commas: name, e-mail address, agency, role, and the area of a locality officer. Such as “Nia"
        " Powell, nia@birch.example, Birch Primary School, Practitioner”.",
    )


class CoverForm(GovukForm):
    """Who stands in, where, and until when."""

    user = ModelSelectField(
        label="Who stands in for them?",
        required_message="Select who stands in for them",
        queryset=User.objects.none(),
        empty_label="Select a person",
    )
    agency = ModelSelectField(
        label="At which agency?",
        required_message="Select the agency",
        queryset=Agency.objects.none(),
        empty_label="Select an agency",
    )
    last_day = DateField(
        label="Until when?",
        noun="The last day",
        required_message="Enter the last day",
        future=True,
        help_text="The last day that they stand in.",
    )

    def __init__(self, *args: Any, agencies: Any, covered: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        where = agencies.filter(pk__in=WorksFor.objects.filter(user=covered, may_lead=True).values("agency"))
        self.set_queryset("agency", where)
        there = WorksFor.objects.filter(agency__in=where, may_lead=True).exclude(user=covered)
        self.set_queryset("user", User.objects.filter(pk__in=there.values("user")))
        if len(where) == 1:
            self.fields["agency"].initial = where[0]


class LostCodeForm(GovukForm):
    why = ReasonField(
        label="How do you know that it is them who ask?",
        required_message="Enter how you know that it is them who ask",
        help_text="It is kept with what you change.",
        rows=3,
        max_length=2000,
    )


class TeamForm(GovukForm):
    team = ModelSelectField(
        label="Which team do they work in?", required=False, queryset=Team.objects.none(), empty_label="No team"
    )

    def __init__(self, *args: Any, agency: Agency, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.set_queryset("team", agency.teams.all())


class MoveForm(GovukForm):
    agency = ModelSelectField(
        label="Where do they work from now on?",
        required_message="Select where they work from now on",
        queryset=Agency.objects.none(),
        empty_label="Select an agency",
    )
    why = ReasonField(label="Why?", required_message="Enter why", rows=3, max_length=2000)

    def __init__(self, *args: Any, agencies: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.set_queryset("agency", agencies)


class WhyForm(GovukForm):
    why = ReasonField(
        label="Why?",
        required_message="Enter why",
        help_text="It is kept with what you change.",
        rows=3,
        max_length=2000,
    )
