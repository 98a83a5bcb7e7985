"""The next review: its date, and what was said and decided at it."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django import forms

from earlyhelp.accounts.models import User
from earlyhelp.core import clock
from earlyhelp.govuk.components import Choice
from earlyhelp.govuk.fields import (
    DateField,
    PastMomentField,
    RadioField,
    ReasonField,
    SelectField,
    TextAreaField,
    TextField,
)
from earlyhelp.govuk.forms import GovukForm, Layout, heading, inset, paragraph
from earlyhelp.procedures.services import procedure_in_force
from families.models import Person
from plans import rules
from plans.forms.ending import action_fields, end_agency_field, end_agreed_field, end_reason_field, results_of
from plans.models import Attendance, Review
from plans.presenters import Line
from plans.rules import (
    Attender,
    MoveSaid,
    Result,
    ReviewNow,
    ReviewSaid,
)

PRESENT = [choice for choice in Attendance.Status.choices if choice[0] != Attendance.Status.ABSENT]


def early_reason_field() -> ReasonField:
    return ReasonField(
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


class MoveReviewForm(GovukForm):
    moved_to = DateField(
        label="On which day is it now?",
        noun="The new day of the review",
        required_message=rules.ASKS_MOVE["moved_to"],
        future=True,
    )
    reason = ReasonField(
        label="Why is it moved?",
        noun="The reason",
        required_message=rules.ASKS_MOVE["reason"],
        help_text="Such as “Things got harder” or “Grace is in hospital that week”. It is kept, and shown with both days.",
        rows=2,
        max_length=1000,
    )
    arrangements = arrangements_field()

    def __init__(self, *args: Any, arranged: date, last: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.arranged, self.last = arranged, last
        self.fields[
            "moved_to"
        ].help_text = (
            f"On or before {last:%-d %B %Y}: the time for the review stays as it is, and only a manager can give more."
        )

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        problems = rules.move_problems(self.said(), arranged=self.arranged, last=self.last, today=clock.today())
        self.add_problems(problems)
        return data

    def said(self) -> MoveSaid:
        data = self.cleaned_data
        return MoveSaid(data.get("moved_to"), data.get("reason", ""), data.get("arrangements", ""))


class ReviewForm(GovukForm):
    """Who came, what came of each action, one finding, one decision, and who agrees when it is the end (WOR-09 to
    WOR-12, WOR-14, MED-07, MED-08)."""

    asked_if_needed = ("no_progress_for", "unchanged_reason", "early_reason")

    held_at = PastMomentField(
        label="When was the review?",
        noun="The time of the review",
        required_message=rules.ASKS_REVIEW["held_at"],
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
        required_message=rules.ASKS_REVIEW["finding"],
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
        required_message=rules.ASKS_REVIEW["decision"],
        help_text="An end needs the agreement of the children, the family and the others at the review.",
        choices=[
            Choice(Review.Decision.CONTINUE, "Continue as is", reveals=("next_review_on",)),
            Choice(
                Review.Decision.AMEND,
                "Amend the plan",
                hint="You change outcomes and actions after this.",
                reveals=("next_review_on",),
            ),
            Choice(Review.Decision.END_MET, "End: needs fully met", reveals=("end_agreed",)),
            Choice(
                Review.Decision.END_SINGLE_AGENCY,
                "End: a single agency will meet the need",
                reveals=("end_agency", "end_agreed"),
            ),
            Choice(Review.Decision.END_UNIVERSAL, "End: universal services only", reveals=("end_agreed",)),
        ],
    )
    next_review_on = DateField(
        label="When is the next review?",
        noun="The date of the next review",
        required_message=rules.ASKS_NEXT,
        future=True,
    )
    end_agency = end_agency_field()
    end_agreed = end_agreed_field()
    end_reason = end_reason_field()
    no_progress_for = RadioField(label="Why are things no better?", required=False)
    unchanged_reason = ReasonField(
        label="Why go on with the same plan?",
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
        now: ReviewNow,
        within: str,
        warnings: Sequence[str],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.now, self.warnings = now, warnings
        reasons = procedure_in_force().reasons.no_progress
        self.set_choices("no_progress_for", [(reason.code, reason.name) for reason in reasons])
        self.fields["next_review_on"].help_text = f"Within {within} of this review. For example, 27 3 2027."
        self.attenders: dict[str, User | Person] = {f"person_{p.pk}": p for p in people if p.kind != Person.Kind.UNBORN}
        self.attenders |= {f"user_{user.pk}": user for user in team}
        for name, who in self.attenders.items():
            label = f"{who.name}, {team[who]}" if isinstance(who, User) else who.name
            self.fields[name] = SelectField(label=label, required=False, choices=PRESENT, blank="Not there", size="")
        self.lines = {f"result_{line.action.pk}": line for line in lines}
        self.fields |= action_fields(lines)
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
            "next_review_on",
            "end_agency",
            "end_agreed",
            "end_reason",
            *self.asked_if_needed,
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
            *self.asked_if_needed,
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
        at_first = {"attendances": next(iter(self.attenders), "others")}
        self.add_problems(rules.review_problems(self.now, self.said()), at=at_first)
        return data

    def said(self) -> ReviewSaid:
        """What was answered so far."""
        data = self.cleaned_data
        plain = {name: data[name] for name in ReviewSaid.__dataclass_fields__ if data.get(name)}
        needed = dict.fromkeys(("how", "finding", "decision"), "") | {"held_at": None}
        return ReviewSaid(**needed | plain, attendances=self.attendances(), results=self.results())

    def attendances(self) -> list[Attender]:
        found = []
        for name, who in self.attenders.items():
            absent = "" if self.cleaned_data.get("how") == Review.How.NONE else Attendance.Status.ABSENT
            status = self.cleaned_data.get(name) or absent
            if not status:
                continue
            found.append(Attender(status, user=who) if isinstance(who, User) else Attender(status, person=who))
        others = (name.strip()[:150] for name in (self.cleaned_data.get("others") or "").split(","))
        return found + [Attender(Attendance.Status.CAME, name=name) for name in others if name]

    def results(self) -> dict[int, Result]:
        return results_of(list(self.lines.values()), self.cleaned_data)


def _pair(line: Line) -> tuple[str, str]:
    return f"result_{line.action.pk}", f"note_{line.action.pk}"
