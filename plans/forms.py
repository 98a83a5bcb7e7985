from collections.abc import Sequence
from datetime import date
from typing import Any

from django import forms

from earlyhelp.accounts.models import User
from earlyhelp.core import clock
from earlyhelp.govuk.forms import (
    Choice,
    DateField,
    GovukForm,
    Layout,
    PastMomentField,
    RadioField,
    SelectField,
    TextAreaField,
    TextField,
    heading,
    inset,
    paragraph,
)
from families.models import Person
from plans.models import Action, Attendance, Review
from plans.presenters import Line
from plans.services import ENDS, UNCHANGED, Attender, Result, review_window, start_of, too_early

WHOLE_FAMILY = "family"
RESULTS = [choice for choice in Action.Status.choices if choice[0] != Action.Status.OPEN]


class OutcomeForm(GovukForm):
    person = RadioField(
        label="Whom is it about?",
        required_message="Select whom it is about",
        help_text="An agency that this person does not share with sees neither the outcome nor its actions.",
    )
    need = TextAreaField(
        label="What is it about?",
        noun="What it is about",
        required_message="Enter what it is about. The family can help to say it",
        help_text="The need or the worry, in plain words. Such as “Ada is tired and late for school”.",
        rows=3,
        max_length=1000,
    )
    outcome = TextAreaField(
        label="What will be better?",
        noun="What will be better",
        required_message="Enter what will be better. The family can help to say it",
        help_text="A change for the child or family, not a service. Such as “Ada sleeps well and is at school on time”.",
        rows=3,
        max_length=1000,
    )
    how_we_know = TextAreaField(
        label="How will everyone know?",
        noun="How everyone will know",
        required_message="Enter how everyone will know that it is better. The family can help to say it",
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

    def about(self) -> Person | None:
        return self.people.get(self.cleaned_data["person"])


class ChangeOutcomeForm(OutcomeForm):
    version = forms.IntegerField(widget=forms.HiddenInput)


class ActionForm(GovukForm):
    text = TextAreaField(
        label="What will be done?",
        noun="What will be done",
        required_message="Enter what will be done",
        help_text="One thing, in plain words: the family gets a copy.",
        rows=3,
        max_length=1000,
    )
    who = RadioField(
        label="Who will do it?",
        required_message="Select who will do it. If they are not on the list, the lead can invite them to the team",
    )
    due_on = DateField(
        label="By when?",
        noun="The date by when it will be done",
        required_message="Enter the date by when it will be done. Agree it with the person who will do it",
        help_text="For example, 27 3 2027.",
    )

    def __init__(
        self, *args: Any, people: Sequence[Person], team: dict[User, str], due_before: date | None = None, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.due_before = due_before
        self.doers: dict[str, User | Person] = {f"person-{p.pk}": p for p in people if p.kind != Person.Kind.UNBORN}
        family = [Choice(key, str(p)) for key, p in self.doers.items()]
        users = {f"user-{user.pk}": user for user in team}
        self.doers |= users
        self.set_choices("who", [*family, *(Choice(key, user.name, hint=team[user]) for key, user in users.items())])

    def clean_due_on(self) -> date:
        due_on: date = self.cleaned_data["due_on"]
        if due_on != self.due_before and due_on < clock.today():
            raise forms.ValidationError("The date by when it will be done must be today or in the future")
        return due_on

    def doer(self) -> dict[str, Any]:
        """Exactly one of user and person."""
        chosen = self.doers[self.cleaned_data["who"]]
        return {"user": chosen, "person": None} if isinstance(chosen, User) else {"user": None, "person": chosen}


class ChangeActionForm(ActionForm):
    version = forms.IntegerField(widget=forms.HiddenInput)


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


class ReasonsForm(GovukForm):
    """A form with reasons that are asked for only where an answer needs one: it stops, explains, and goes on with what is
    typed (domain 6)."""

    reasons: tuple[str, ...] = ()

    def asked(self) -> list[str]:
        """The reasons that this page asks for."""
        if self.is_bound:
            return [name for name in self.reasons if name in self.errors or self.data.get(name)]
        return [name for name in self.reasons if self.get_initial_for_field(self.fields[name], name)]

    def need_reason(self, name: str, message: str) -> None:
        if not self.cleaned_data.get(name):
            self.add_error(name, message)

    def need_reason_for_early(self, anchor: Any, next_review_on: date) -> None:
        if too_early(anchor, next_review_on):
            first = review_window(anchor)[0]
            self.need_reason(
                "early_reason", f"Enter why the review is before {first:%-d %B %Y}, or choose a later date"
            )


def early_reason_field() -> TextAreaField:
    return TextAreaField(
        label="Why is the next review so soon?",
        noun="The reason",
        required=False,
        help_text="The reason is kept, and shown beside the date.",
        rows=2,
        max_length=1000,
    )


def arrangements_field() -> TextAreaField:
    return TextAreaField(
        label="Where is the next review, and what do people need to come? (optional)",
        noun="The arrangements",
        required=False,
        help_text="Such as the place and time, childcare, an interpreter. It is printed on the family’s copy.",
        rows=2,
        max_length=1000,
    )


class AgreeForm(ReasonsForm):
    reasons = ("early_reason",)

    agreed_on = DateField(
        label="When was the plan agreed with the family?",
        noun="The date the plan was agreed",
        required_message="Enter the date the plan was agreed",
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

    def __init__(self, *args: Any, within: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["next_review_on"].help_text = f"Within {within} of the day the plan was agreed."

    def layout(self) -> Layout:
        return Layout("agreed_on", "next_review_on", *self.asked(), "arrangements")

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        if data.get("agreed_on") and data.get("next_review_on"):
            self.need_reason_for_early(start_of(data["agreed_on"]), data["next_review_on"])
        return data


class MoveReviewForm(GovukForm):
    moved_to = DateField(
        label="On which day is it now?",
        noun="The new day of the review",
        required_message="Enter the new day of the review. Agree it with the family",
        future=True,
    )
    reason = TextAreaField(
        label="Why is it moved?",
        noun="The reason",
        required_message="Enter why the review is moved",
        help_text="Such as “Things got harder” or “Grace is in hospital that week”. It is kept, and shown with both days.",
        rows=2,
        max_length=1000,
    )
    arrangements = arrangements_field()

    def __init__(self, *args: Any, last: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields[
            "moved_to"
        ].help_text = (
            f"On or before {last:%-d %B %Y}: the time for the review stays as it is, and only a manager can give more."
        )


class ReviewForm(ReasonsForm):
    """Who came, what came of each action, one finding, one decision, and who agrees when it is the end (WOR-09 to
    WOR-12, WOR-14, MED-07, MED-08)."""

    reasons = ("end_agreed", "end_reason", "unchanged_reason", "early_reason")

    held_at = PastMomentField(
        label="When was the review?",
        noun="The time of the review",
        required_message="Enter when the review was",
        help_text="For example, 27 3 2027 and 14:30. The time for the next review counts from this day.",
    )
    how = RadioField(label="How was it held?", required_message="Select how it was held", choices=Review.How.choices)
    others = TextField(
        label="Who else came? (optional)", required=False, max_length=500, help_text="Put a comma between two names."
    )
    family_views = TextAreaField(
        label="What does the family say? (optional)",
        noun="What the family says",
        required=False,
        help_text="Each person’s own words, before anyone else’s. Everyone on the team reads this.",
    )
    child_voice = TextAreaField(
        label="What do the children say? (optional)",
        noun="What the children say",
        required=False,
        help_text="In their own words, or what they show if they are too young to say. Say how you know.",
    )
    notes = TextAreaField(
        label="What else was discussed? (optional)",
        noun="What was discussed",
        required=False,
        max_length=8000,
        help_text="What is going well, what people are worried about, who else could help.",
    )
    finding = RadioField(
        label="What did the review find?",
        required_message="Select what the review found. The people at the review agree on one finding",
        choices=[
            Choice(Review.Finding.POSITIVE, "Positive change"),
            Choice(Review.Finding.NO_CHANGE, "No change"),
            Choice(
                Review.Finding.DETERIORATION,
                "Deterioration, or concerns have increased",
                hint="If a child may be suffering significant harm, ring the number at the foot of this page now.",
            ),
        ],
    )
    decision = RadioField(
        label="What was decided?",
        required_message="Select what was decided. The people at the review agree on one decision",
        help_text="An end needs the agreement of the children, the family and the others at the review.",
        choices=[
            Choice(Review.Decision.CONTINUE, "Continue as is", reveals=("next_if_continued",)),
            Choice(
                Review.Decision.AMEND,
                "Amend the plan",
                hint="You change outcomes and actions after this.",
                reveals=("next_if_amended",),
            ),
            Choice(Review.Decision.END_MET, "End: needs fully met"),
            Choice(Review.Decision.END_SINGLE_AGENCY, "End: a single agency will meet the need"),
            Choice(Review.Decision.END_UNIVERSAL, "End: universal services only"),
        ],
    )
    next_if_continued = DateField(
        label="When is the next review?",
        noun="The date of the next review",
        required_message="Enter the date of the next review. Agree it with the family before everyone leaves",
        future=True,
    )
    next_if_amended = DateField(
        label="When is the next review?",
        noun="The date of the next review",
        required_message="Enter the date of the next review. Agree it with the family before everyone leaves",
        future=True,
    )
    end_agreed = RadioField(
        label="Does everyone agree that early help ends?",
        required=False,
        choices=Review.EndAgreed.choices,
    )
    end_reason = TextAreaField(
        label="Who does not agree, what do they say, and why does it end all the same?",
        noun="The reason",
        required=False,
        help_text="The reason is kept, and shown with the review. If you can’t settle it, talk with your manager first.",
        rows=3,
        max_length=1000,
    )
    unchanged_reason = TextAreaField(
        label="Things are no better. Why go on with the same plan?",
        noun="The reason",
        required=False,
        help_text="The reason is kept, and shown with the review.",
        rows=2,
        max_length=1000,
    )
    early_reason = early_reason_field()
    arrangements = arrangements_field()

    def __init__(
        self,
        *args: Any,
        people: Sequence[Person],
        team: dict[User, str],
        lines: Sequence[Line],
        within: str,
        warnings: Sequence[str],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.warnings = warnings
        for name in ("next_if_continued", "next_if_amended"):
            self.fields[name].help_text = f"Within {within} of this review. For example, 27 3 2027."
        self.attenders: dict[str, User | Person] = {f"person_{p.pk}": p for p in people if p.kind != Person.Kind.UNBORN}
        self.attenders |= {f"user_{user.pk}": user for user in team}
        for name, who in self.attenders.items():
            label = f"{who.name}, {team[who]}" if isinstance(who, User) else who.name
            self.fields[name] = SelectField(
                label=label, required=False, choices=Attendance.Status.choices, blank="Not there", size=""
            )
        self.lines = {f"result_{line.action.pk}": line for line in lines}
        for number, (name, line) in enumerate(self.lines.items(), start=1):
            when = f"{line.action.due_on:%-d %B %Y}"
            self.fields[name] = RadioField(
                label=f"Action {number}: {line.action.text}",
                required_message=f"Select what action {number} came to. {line.who} can tell you",
                choices=RESULTS,
                small=True,
                help_text=f"{line.who}, by {when}",
            )
            self.fields[f"note_{line.action.pk}"] = TextField(
                label=f"What happened with action {number}? (optional)", required=False, max_length=500, size=""
            )
        self.order_fields(self.order())

    def order(self) -> list[str]:
        """Every field, as the page shows them."""
        results = [name for line in self.lines.values() for name in _pair(line)]
        return [
            "held_at",
            "how",
            *self.attenders,
            "others",
            "family_views",
            "child_voice",
            *results,
            "notes",
            "finding",
            "decision",
            "next_if_continued",
            "next_if_amended",
            *self.reasons,
            "arrangements",
        ]

    def layout(self) -> Layout:
        results = [name for line in self.lines.values() for name in _pair(line)]
        return Layout(
            "held_at",
            "how",
            heading("Who came?"),
            paragraph("Who couldn’t come sends an update. Leave the others as “Not there”."),
            *self.attenders,
            "others",
            heading("What people say"),
            *map(inset, self.warnings),
            "family_views",
            "child_voice",
            heading("What each action came to"),
            *(results or [paragraph("No action is open.")]),
            "notes",
            heading("Finding and decision"),
            "finding",
            "decision",
            *self.asked(),
            "arrangements",
        )

    def clean_finding(self) -> str:
        return self._only_one("finding")

    def clean_decision(self) -> str:
        return self._only_one("decision")

    def _only_one(self, name: str) -> str:
        sent: Any = self.data
        if len(sent.getlist(name)) > 1:
            raise forms.ValidationError(f"Select only one {name}. The people at the review agree on it")
        answer: str = self.cleaned_data[name]
        return answer

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        if self.attended() == [] and data.get("how") in (Review.How.MEETING, Review.How.PHONE):
            first = next(iter(self.attenders), "others")
            self.add_error(first, "Select who came. If nobody met, select that there was no meeting")
        if data.get("decision") == Review.Decision.CONTINUE and data.get("finding") in UNCHANGED:
            self.need_reason("unchanged_reason", "Enter why the plan goes on as it is, or select to amend the plan")
        if data.get("decision") in ENDS:
            self.need_reason(
                "end_agreed", "Select whether the children, the family and the others at the review agree to the end"
            )
            if data.get("end_agreed") == Review.EndAgreed.NOT_ALL:
                self.need_reason(
                    "end_reason", "Enter who does not agree, what they say, and why early help ends all the same"
                )
        if data.get("held_at") and (day := self.next_review_on()):
            self.need_reason_for_early(data["held_at"], day)
        return data

    def next_review_on(self) -> date | None:
        """The next date, from under the decision that was chosen."""
        day: date | None = self.cleaned_data.get("next_if_continued") or self.cleaned_data.get("next_if_amended")
        return day

    def attended(self) -> list[Attender]:
        """Who came; an apology or an update isn't coming."""
        return [a for a in self.attendances() if a.status == Attendance.Status.CAME]

    def attendances(self) -> list[Attender]:
        found = []
        for name, who in self.attenders.items():
            if status := self.cleaned_data.get(name):
                found.append(Attender(status, user=who) if isinstance(who, User) else Attender(status, person=who))
        others = (name.strip()[:150] for name in (self.cleaned_data.get("others") or "").split(","))
        return found + [Attender(Attendance.Status.CAME, name=name) for name in others if name]

    def results(self) -> dict[int, Result]:
        data = self.cleaned_data
        return {line.action.pk: Result(data[name], data[f"note_{line.action.pk}"]) for name, line in self.lines.items()}


def _pair(line: Line) -> tuple[str, str]:
    return f"result_{line.action.pk}", f"note_{line.action.pk}"
