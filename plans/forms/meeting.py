"""Meetings: arranged for when and where; who was there, what the family said, and what came of it."""

from collections.abc import Sequence
from typing import Any

from earlyhelp.accounts.models import User
from earlyhelp.govuk.components import Choice
from earlyhelp.govuk.fields import (
    CheckboxesField,
    DateField,
    RadioField,
    ReasonField,
    TextAreaField,
    TextField,
    YesNoField,
)
from earlyhelp.govuk.forms import GovukForm, Layout, heading, inset
from families.models import Person
from plans.models import Meeting
from plans.services.meetings import ASKS, ArrangeSaid, MeetingSaid


def kind_field(*, held: bool) -> RadioField:
    clear = ("plan_is_clear",) if held else ()
    reveals = {Meeting.Kind.CHILD_IN_NEED: clear}
    return RadioField(
        label="Which meeting?",
        required_message="Select which meeting",
        choices=[Choice(kind, kind.label, reveals=reveals.get(kind, ())) for kind in Meeting.Kind],
    )


class ArrangeForm(GovukForm):
    asked_if_needed = ("early_reason",)

    kind = kind_field(held=False)
    on = DateField(label="On which day?", noun="The day of the meeting", required_message=ASKS["on"], future=True)
    at = TextField(
        label="At what time? (optional)", required=False, max_length=20, width="5", help_text="For example, 3.30pm."
    )
    place = TextField(
        label="Where? (optional)",
        required=False,
        max_length=300,
        width="two-thirds",
        help_text="Also who looks after the children, and whether an interpreter comes.",
    )
    early_reason = ReasonField(
        label="Why is it arranged so soon?",
        required=False,
        noun="The reason",
        help_text="The reason is kept, and shown with the meeting.",
        rows=3,
        max_length=1000,
    )

    def said(self) -> ArrangeSaid:
        data = self.cleaned_data
        early = data.get("early_reason") or ""
        return ArrangeSaid(kind=data["kind"], on=data["on"], at=data["at"], place=data["place"], early_reason=early)


class CallOffForm(GovukForm):
    off_reason = ReasonField(label="Why isn’t it held?", required_message=ASKS["off_reason"], rows=3, max_length=1000)


class TakeBackForm(GovukForm):
    reason = ReasonField(
        label="What was the mistake?",
        required_message="Enter what the mistake was",
        help_text="What was recorded stays to be read, with your reason, and counts no more.",
        rows=3,
        max_length=900,
    )


class MeetingForm(GovukForm):
    """`people` of the family, `team` around it with their agencies, and whom not to write about."""

    kind = kind_field(held=True)
    plan_is_clear = YesNoField(label="Is the plan to step down clear?", required_message=ASKS["plan_is_clear"])
    on = DateField(label="When was it?", noun="The day of the meeting", required_message=ASKS["on"], recent=True)
    place = TextField(label="Where? (optional)", required=False, max_length=300, width="two-thirds")
    family_came = CheckboxesField(label="Who of the family was there? (optional)", required=False)
    users = CheckboxesField(label="Who of the team was there? (optional)", required=False)
    others = TextAreaField(
        label="Who else was there? (optional)",
        noun="Who else was there",
        required=False,
        rows=3,
        max_length=1000,
        count=False,
        help_text="Each on a line of their own, with their role. For example, Jo Smith, housing officer.",
    )
    outcomes = ReasonField(
        label="What came of the meeting?",
        noun="What came of the meeting",
        required_message=ASKS["outcomes"],
        max_length=8000,
        help_text="What was agreed, who does what, and by when.",
    )
    told = RadioField(
        label="Was the family told what happens if they don’t take part?",
        required_message="Select whether the family was told what happens if they don’t take part",
        choices=[Choice("yes", "Yes", reveals=("told_words",)), Choice("no", "No")],
    )
    told_words = ReasonField(
        label="What were they told?",
        required_message=ASKS["told_words"],
        rows=3,
        max_length=1000,
    )

    def __init__(
        self, *args: Any, people: Sequence[Person], team: dict[User, str], warnings: Sequence[str], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.people = {str(person.pk): person for person in people if person.kind != Person.Kind.UNBORN}
        self.team, self.warnings = {str(user.pk): user for user in team}, warnings
        self.set_choices("family_came", [(pk, person.name) for pk, person in self.people.items()])
        self.set_choices("users", [(str(user.pk), f"{user.name}, {agency}") for user, agency in team.items()])
        if not team:
            del self.fields["users"]
        self.voices = {f"words_{pk}": person for pk, person in self.people.items()}
        for name, person in self.voices.items():
            self.fields[name] = TextAreaField(
                label=f"What did {person.short_name} say? (optional)",
                noun=f"What {person.short_name} said",
                required=False,
                rows=2,
                help_text="In their own words, also if they sent them.",
            )

    def layout(self) -> Layout:
        return Layout(
            "kind",
            "plan_is_clear",
            "on",
            "place",
            heading("Who was there"),
            "family_came",
            *(["users"] if "users" in self.fields else []),
            "others",
            heading("What the family says"),
            *map(inset, self.warnings),
            *self.voices,
            heading("What came of it"),
            "outcomes",
            "told",
            "told_words",
        )

    def said(self) -> MeetingSaid:
        data = self.cleaned_data
        return MeetingSaid(
            kind=data["kind"],
            on=data["on"],
            outcomes=data["outcomes"],
            users=[self.team[pk] for pk in data.get("users") or ()],
            family_came=[self.people[pk] for pk in data["family_came"]],
            words={person: data[name] for name, person in self.voices.items() if data[name]},
            others=[line.strip()[:200] for line in data["others"].splitlines() if line.strip()],
            place=data["place"],
            plan_is_clear=data.get("plan_is_clear"),
            told=(data.get("told_words") or "") if data["told"] == "yes" else "",
        )
