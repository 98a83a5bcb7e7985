"""Families’ people: who they are, how they are connected, where they live and how to reach them."""

import re
from typing import Any

from django import forms

from earlyhelp.core import clock
from earlyhelp.govuk.fields import (
    CheckboxesField,
    ConfirmField,
    DateField,
    PartialDateField,
    PastMomentField,
    RadioField,
    ReasonField,
    SelectField,
    TextAreaField,
    TextField,
    YesNoField,
)
from earlyhelp.govuk.forms import GovukForm, Layout, inset
from earlyhelp.procedures.services import procedure_in_force
from families import search
from families.models import Address, ContactDetail, Person, Relationship

YOUNGEST_ADULT = 16

POSTCODE = re.compile(r"[A-Z]{1,2}\d[A-Z\d]?\d[A-Z]{2}")


class PostcodeField(TextField):
    """A whole postcode of the United Kingdom, or nothing."""

    default_width = 10

    def validate(self, value: str) -> None:
        super().validate(value)
        if value and not POSTCODE.fullmatch(search.postcode(value)):
            raise forms.ValidationError("Enter a full UK postcode, like MX1 2AB, or leave it empty")

    def clean(self, value: object) -> str:
        """As it is written on a letter."""
        code = search.postcode(super().clean(value))
        return f"{code[:-3]} {code[-3:]}".strip()


def check_named(form: forms.Form, data: dict[str, Any]) -> None:
    """Everyone has a first name, or it is said that it isn't known; only the unborn may have none yet."""
    if "first_name" not in form.errors and not data.get("first_name") and data.get("kind") != Person.Kind.UNBORN:
        form.add_error("first_name", "Enter their first name, or “not known”")


def check_born(form: forms.Form, data: dict[str, Any]) -> None:
    """Only an unborn child's date may lie ahead; a young person is under 26, an adult at least 16."""
    born, kind = data.get("date_of_birth"), data.get("kind")
    if not born:
        return
    if kind == Person.Kind.UNBORN:
        return
    oldest = procedure_in_force().ages.oldest_child
    if born.first > clock.today():
        form.add_error("date_of_birth", "Date of birth must be today or in the past")
    elif kind == Person.Kind.CHILD and clock.today().year - born.year > oldest + 1:
        under = f"Check the year: a child or young person is under {oldest + 1}. Or select “Adult”"
        form.add_error("date_of_birth", under)
    elif kind == Person.Kind.ADULT and clock.today().year - born.year < YOUNGEST_ADULT:
        form.add_error("date_of_birth", "Check the year: an adult is 16 or older. Or select “Child or young person”")


class PersonForm(GovukForm):
    kind = RadioField(label="Who is this?", required_message="Select who this is", choices=Person.Kind.choices)
    first_name = TextField(
        label="First name",
        required=False,
        max_length=100,
        width="two-thirds",
        help_text="Leave it empty for an unborn child without a name.",
    )
    last_name = TextField(label="Last name (optional)", required=False, max_length=100, width="two-thirds")
    known_as = TextField(label="Known as (optional)", required=False, max_length=100, width="two-thirds")
    other_names = TextField(
        label="Other names (optional)",
        required=False,
        max_length=400,
        width="two-thirds",
        help_text="Names they had before, or use elsewhere. Put a comma between two names.",
    )
    date_of_birth = PartialDateField(
        label="Date of birth, or due date (optional)",
        required=False,
        help_text="Leave out the day, or the day and month, if you don’t know them.",
    )
    home = RadioField(
        label="Where do they live?", required_message="Select where they live", choices=Person.Home.choices
    )
    interpreter = ConfirmField(label="They need an interpreter", required=False)
    access_needs = TextAreaField(
        label="Access needs (optional)",
        required=False,
        rows=3,
        max_length=2000,
        help_text="What they need to take part, such as a ground-floor room or large print.",
    )
    school = TextField(
        label="School, nursery or college (optional)", required=False, max_length=150, width="two-thirds"
    )
    gp = TextField(label="GP practice (optional)", required=False, max_length=150, width="two-thirds")
    right_because = ReasonField(
        label="Why is this someone else?",
        noun="The reason",
        required=False,
        rows=2,
        max_length=300,
    )
    confirmed = ConfirmField(label="It is right", required=False)
    asked_if_needed = ("right_because", "confirmed")

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        check_named(self, data)
        check_born(self, data)
        return data

    def clean_other_names(self) -> list[str]:
        return [name.strip() for name in self.cleaned_data["other_names"].split(",") if name.strip()]


class RelationshipForm(GovukForm):
    to_person = SelectField(
        label="Related to", required_message="Select whom they are related to", blank="Select a person"
    )
    kind = TextField(
        label="How are they related?",
        required_message="Enter how they are related",
        max_length=60,
        width=20,
        help_text="Such as mother, stepfather, sister.",
    )
    parental_responsibility = RadioField(
        label="Do they have parental responsibility for this person?",
        required_message="Select whether they have parental responsibility",
        choices=Relationship.Responsibility.choices,
        inline=True,
    )
    right_because = ReasonField(
        label="Why is it right all the same?",
        noun="The reason",
        required=False,
        rows=2,
        max_length=300,
        help_text="Leave it empty, and change the answers above, if it was a mistake.",
    )
    confirmed = ConfirmField(label="It is right", required=False)
    asked_if_needed = ("right_because", "confirmed")

    def __init__(self, *args: Any, others: list[Person], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.set_choices("to_person", [("", "Select a person"), *((str(p.pk), p.name) for p in others)])


class WaitingForm(GovukForm):
    make = RadioField(
        label="Is it right?",
        required_message="Select whether it is right",
        choices=[("yes", "Yes, make the change"), ("no", "No, leave it as it is")],
    )


class ContactDetailForm(GovukForm):
    kind = RadioField(
        label="What is it?", required_message="Select what it is", choices=ContactDetail.Kind.choices, inline=True
    )
    value = TextField(label="Number or address", required_message="Enter the number or address", max_length=254)
    safe_times = TextField(
        label="When is it safe to call? (optional)", required=False, help_text="Such as “school days, 9:30am to 2pm”."
    )
    voicemail = YesNoField(
        label="Is it safe to leave a voicemail? (optional)",
        required=False,
        help_text="Leave empty if they weren’t asked.",
    )
    text = YesNoField(
        label="Is it safe to send a text? (optional)", required=False, help_text="Leave empty if they weren’t asked."
    )
    who_may_answer = TextField(label="Who else may answer? (optional)", required=False)
    must_not_know = TextField(label="Who must not know that we called? (optional)", required=False)
    do_not_disclose = ConfirmField(
        label="Do not disclose this", required=False, help_text="It will appear in no list, search result or print."
    )


class RetireContactForm(GovukForm):
    because = RadioField(
        label="Why is it not used any more?",
        required_message="Select why it is not used any more",
        choices=ContactDetail.Retired.choices,
    )
    on = DateField(
        label="Since when?",
        noun="The day",
        required_message="Enter since when",
        past=True,
        help_text="For example, 27 3 2026.",
    )


class RetireAddressForm(RetireContactForm):
    because = RadioField(
        label="Why is it not used any more?",
        required_message="Select why it is not used any more",
        choices=Address.Retired.choices,
    )


class AddressForm(GovukForm):
    lines = TextAreaField(label="Address", required_message="Enter the address", rows=4, max_length=400, count=False)
    postcode = PostcodeField(label="Postcode (optional)", required=False)
    do_not_disclose = ConfirmField(
        label="Do not disclose this address",
        required=False,
        help_text="It will appear in no list, search result or print.",
    )


class NewAddressForm(AddressForm):
    person = SelectField(label="Whose address is it?", required=False, blank="The whole family’s")
    field_order = ("person", "lines", "postcode", "do_not_disclose")

    def __init__(self, *args: Any, people: list[Person], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.set_choices("person", [("", "The whole family’s"), *((str(p.pk), p.name) for p in people)])


class ContactAttemptForm(GovukForm):
    happened = RadioField(
        label="What happened?",
        required_message="Select what happened",
        choices=[
            ("call:yes", "We spoke on the phone"),
            ("call:no", "I rang, and did not get through"),
            ("visit:yes", "I visited, and we spoke"),
            ("visit:no", "I visited, and met nobody"),
            ("message:yes", "They answered a text, e-mail or letter"),
            ("message:no", "I sent a text, e-mail or letter"),
            ("met:yes", "We met elsewhere"),
        ],
    )
    whom = CheckboxesField(label="With whom, or for whom? (optional)", required=False, small=True)
    at = PastMomentField(
        label="When was it?",
        noun="The time of the contact",
        required_message="Enter when it was",
        help_text="For example, 27 3 2026 and 14:30.",
    )
    note = TextAreaField(
        label="Notes (optional)",
        required=False,
        help_text="What was said, or what you will try next. The team reads it.",
    )

    def __init__(self, *args: Any, people: list[Person], warnings: list[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.warnings = warnings
        self.set_choices("whom", [(str(person.pk), person.name) for person in people])

    def said(self) -> dict[str, Any]:
        """How and whether the family was reached, whom of it, when, and what was said."""
        data = self.cleaned_data
        how, _, reached = data["happened"].partition(":")
        whom = [int(pk) for pk in data["whom"]]
        return {"how": how, "reached": reached == "yes", "whom": whom, "at": data["at"], "note": data["note"]}

    def layout(self) -> Layout:
        return Layout("happened", "whom", "at", *map(inset, self.warnings), "note")
