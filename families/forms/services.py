"""Additional services: which, for what needs, why that one; and its answer."""

from collections.abc import Sequence
from typing import Any

from earlyhelp.govuk.components import Choice
from earlyhelp.govuk.fields import CheckboxesField, DateField, RadioField, ReasonField, TextAreaField, TextField
from earlyhelp.govuk.forms import GovukForm
from earlyhelp.procedures.services import procedure_in_force
from families.models import Person, ServiceRequest

NOT_SURE = "not_sure"


class ChooseServiceForm(GovukForm):
    service = RadioField(label="Which service?", required_message="Select which service, or that you are not sure")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offered = [Choice(one.code, one.name, hint=one.meaning) for one in procedure_in_force().services.offered]
        self.set_choices("service", [*offered, Choice(NOT_SURE, "I am not sure", hint="You see whom to ring.")])


class AskServiceForm(GovukForm):
    about = CheckboxesField(
        label="Whom is it for? (optional)", required=False, help_text="Leave all empty if it is for the whole family."
    )
    needs = TextAreaField(
        label="What does the family need?",
        noun="What the family needs",
        required_message="Enter what the family needs",
        help_text="What is hard now, what was tried, and what should be better.",
    )
    why = ReasonField(
        label="Why this service?",
        required_message="Enter why this service, and not what the team gives",
        max_length=2000,
    )
    agreed_by = TextField(
        label="Who of the family agreed to it?",
        required_message="Enter who of the family agreed to it",
        max_length=200,
        width="two-thirds",
    )
    agreed_on = DateField(
        label="When did they agree?", noun="The day", required_message="Enter the date they agreed", past=True
    )
    sent_on = DateField(
        label="When did you send it?", noun="The day", required_message="Enter the date you sent it", past=True
    )
    sent_how = TextField(
        label="How, and to whom?",
        required_message="Enter how you sent it, and to whom",
        help_text="For example, their online form, or by phone to their duty worker. This page sends nothing itself.",
        max_length=200,
        width="two-thirds",
    )

    def __init__(self, *args: Any, people: Sequence[Person], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.set_choices("about", [(str(person.pk), person.name) for person in people])


class ServiceAnswerForm(GovukForm):
    status = RadioField(
        label="What did it answer?",
        required_message="Select what it answered",
        choices=[
            Choice(ServiceRequest.Status.ACCEPTED, "Accepted", hint="It begins, or has begun."),
            Choice(ServiceRequest.Status.WAITING, "Accepted, on a waiting list"),
            Choice(ServiceRequest.Status.DECLINED, "Declined"),
            Choice(ServiceRequest.Status.TAKEN_BACK, "None: it isn’t wanted any more, or wasn’t sent"),
        ],
    )
    answer = ReasonField(
        label="What did they say?",
        required_message="Enter what they said: from when, or why not",
        help_text="From when and with whom, how long the wait is, or why not.",
        max_length=2000,
    )
    answered_by = TextField(
        label="Who said so?",
        required_message="Enter who said so",
        max_length=200,
        width="two-thirds",
    )
    answered_on = DateField(label="When?", noun="The day", required_message="Enter when they said so", past=True)

    def __init__(self, *args: Any, waits: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if waits:
            choices = [one for one in self.fields["status"].choices if one[0] != ServiceRequest.Status.WAITING]  # type: ignore[attr-defined]
            self.set_choices("status", choices)
