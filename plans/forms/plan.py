"""The plan: its outcomes, its actions, and that it was agreed."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from earlyhelp.accounts.models import User
from earlyhelp.core import clock
from earlyhelp.govuk.components import Choice
from earlyhelp.govuk.fields import DateField, RadioField, TextAreaField
from earlyhelp.govuk.forms import GovukForm
from families.models import Person
from plans import rules
from plans.forms.review import arrangements_field, early_reason_field
from plans.models import Action
from plans.rules import (
    ActionSaid,
    AgreeSaid,
    OutcomeSaid,
    ReviewTime,
)

WHOLE_FAMILY = "family"


class OutcomeForm(GovukForm):
    person = RadioField(
        label="Whom is it about?",
        required_message="Select whom it is about",
        help_text="An agency that this person does not share with sees neither the outcome nor its actions.",
    )
    need = TextAreaField(
        label="What is it about?",
        noun="What it is about",
        required_message=rules.ASKS_OUTCOME["need"],
        help_text="The need or the worry, in plain words. Such as “Ada is tired and late for school”.",
        rows=3,
        max_length=1000,
    )
    outcome = TextAreaField(
        label="What will be better?",
        noun="What will be better",
        required_message=rules.ASKS_OUTCOME["outcome"],
        help_text="A change for the child or family, not a service. Such as “Ada sleeps well and is at school on time”.",
        rows=3,
        max_length=1000,
    )
    how_we_know = TextAreaField(
        label="How will everyone know?",
        noun="How everyone will know",
        required_message=rules.ASKS_OUTCOME["how_we_know"],
        help_text="Something to see or count. Such as “On time four days out of five, for four weeks”.",
        rows=3,
        max_length=1000,
    )

    def __init__(self, *args: Any, people: Sequence[Person], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.people = {str(p.pk): p for p in people}
        self.set_choices(
            "person", [(WHOLE_FAMILY, "The whole family"), *((key, p.name) for key, p in self.people.items())]
        )

    def said(self) -> OutcomeSaid:
        data = self.cleaned_data
        return OutcomeSaid(data["need"], data["outcome"], data["how_we_know"], self.people.get(data["person"]))


class ActionForm(GovukForm):
    text = TextAreaField(
        label="What will be done?",
        noun="What will be done",
        required_message=rules.ASKS_ACTION["text"],
        help_text="One thing, in plain words: the family gets a copy.",
        rows=3,
        max_length=1000,
    )
    who = RadioField(
        label="Who will do it?",
        required_message=rules.ASKS_ACTION["who"],
    )
    due_on = DateField(
        label="By when?",
        noun="The date by when it will be done",
        required_message=rules.ASKS_ACTION["due_on"],
        help_text="For example, 27 3 2027.",
    )

    def __init__(
        self,
        *args: Any,
        people: Sequence[Person],
        team: dict[User, str],
        before: ActionSaid | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.before = before
        self.doers: dict[str, User | Person] = {f"person-{p.pk}": p for p in people if p.kind != Person.Kind.UNBORN}
        family = [Choice(key, str(p)) for key, p in self.doers.items()]
        users = {f"user-{user.pk}": user for user in team}
        self.doers |= users
        self.set_choices("who", [*family, *(Choice(key, user.name, hint=team[user]) for key, user in users.items())])

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        family = next((p.family_id for p in self.doers.values() if isinstance(p, Person)), 0)
        around = [user for user in self.doers.values() if isinstance(user, User)]
        before = self.before
        self.add_problems(
            rules.action_problems(self.said(), family_id=family, around=around, today=clock.today(), before=before)
        )
        return data

    def said(self) -> ActionSaid:
        """Exactly one of user and person does it."""
        data = self.cleaned_data
        chosen = self.doers.get(data.get("who", ""))
        user, person = (chosen, None) if isinstance(chosen, User) else (None, chosen)
        return ActionSaid(data.get("text", ""), data.get("due_on"), user, person)


class ActionStatusForm(GovukForm):
    status = RadioField(
        label="How far is it?",
        required_message="Select how far it is",
        choices=[
            Choice(Action.Status.OPEN, "To do"),
            Choice(Action.Status.PARTLY, "Partly done"),
            Choice(Action.Status.DONE, "Done"),
            Choice(Action.Status.NOT_DONE, "Not done yet", hint="It stays on the list, and the review will ask again."),
            Choice(Action.Status.NOT_NEEDED, "Not needed any more"),
        ],
    )


class AgreeForm(GovukForm):
    asked_if_needed = ("early_reason",)

    agreed_on = DateField(
        label="When was the plan agreed with the family?",
        noun="The date the plan was agreed",
        required_message=rules.ASKS_AGREED_ON,
        past=True,
        help_text="For example, 27 3 2027. The time for the first review counts from this day.",
    )
    next_review_on = DateField(
        label="When is the first review?",
        noun="The date of the first review",
        required_message="Enter the date of the first review. Agree it with the family before everyone leaves",
        future=True,
    )
    early_reason = early_reason_field()
    arrangements = arrangements_field()

    def __init__(self, *args: Any, within: str, time: ReviewTime, started_at: datetime, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.time, self.started_at = time, started_at
        self.fields["next_review_on"].help_text = f"Within {within} of the day the plan was agreed."

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        self.add_problems(rules.agree_problems(self.said(), time=self.time, started_at=self.started_at))
        return data

    def said(self) -> AgreeSaid:
        data = self.cleaned_data
        return AgreeSaid(
            data.get("agreed_on"),
            data.get("next_review_on"),
            data.get("early_reason", ""),
            data.get("arrangements", ""),
        )
