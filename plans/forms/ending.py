from collections.abc import Sequence
from typing import Any

from earlyhelp.govuk.components import Choice
from earlyhelp.govuk.fields import RadioField, ReasonField, TextAreaField, TextField
from earlyhelp.govuk.forms import GovukForm, Layout, heading, paragraph
from earlyhelp.procedures.services import procedure_in_force
from families.models import Episode
from plans import rules
from plans.models import Action, Review
from plans.presenters import Line
from plans.rules import EndSaid, Result

RESULTS = [choice for choice in Action.Status.choices if choice[0] != Action.Status.OPEN]


def end_agreed_field() -> RadioField:
    return RadioField(
        label="Does everyone agree that early help ends?",
        required_message=rules.ASKS_REVIEW["end_agreed"],
        choices=[
            Choice(Review.EndAgreed.ALL, Review.EndAgreed.ALL.label),
            Choice(Review.EndAgreed.TOO_YOUNG, Review.EndAgreed.TOO_YOUNG.label),
            Choice(Review.EndAgreed.NOT_ALL, Review.EndAgreed.NOT_ALL.label, reveals=("end_reason",)),
        ],
    )


def end_reason_field() -> ReasonField:
    return ReasonField(
        label="Who does not agree, what do they say, and why does it end all the same?",
        noun="The reason",
        required_message=rules.ASKS_REVIEW["end_reason"],
        help_text="The reason is kept. If you can’t settle it, talk with your manager first.",
        rows=3,
        max_length=1000,
    )


def end_agency_field() -> TextField:
    return TextField(
        label="Which agency goes on, and who there?",
        required_message=rules.ASKS_END["end_agency"],
        max_length=150,
        width="two-thirds",
    )


def action_fields(lines: Sequence[Line]) -> dict[str, Any]:
    """For each open action: what it came to, and what happened or becomes of it."""
    fields: dict[str, Any] = {}
    for number, line in enumerate(lines, start=1):
        fields[f"result_{line.action.pk}"] = RadioField(
            label=f"Action {number}: {line.action.text}",
            required_message=f"Select what action {number} came to. {line.who} can tell you",
            choices=RESULTS,
            small=True,
            help_text=f"{line.who}, by {line.action.due_on:%-d %B %Y}",
        )
        fields[f"note_{line.action.pk}"] = TextField(
            label=f"What happened with action {number}, or what becomes of it? (optional)",
            required=False,
            max_length=500,
            size="",
        )
    return fields


def results_of(lines: Sequence[Line], data: dict[str, Any]) -> dict[int, Result]:
    return {
        line.action.pk: Result(data[f"result_{line.action.pk}"], data.get(f"note_{line.action.pk}", ""))
        for line in lines
        if data.get(f"result_{line.action.pk}")
    }


class EndForm(GovukForm):
    """Why early help ends, and what becomes of what is open. `planned`: whether a plan was agreed, whose end is agreed too."""

    end_agency = end_agency_field()
    end_note = TextAreaField(
        label="What happened?",
        noun="What happened",
        required_message=rules.ASKS_END["end_note"],
        rows=3,
        max_length=1000,
    )
    end_agreed = end_agreed_field()
    end_reason = end_reason_field()

    def __init__(self, *args: Any, lines: Sequence[Line], planned: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.lines, self.planned = lines, planned
        agreed = ("end_agreed",) if planned else ()
        reveals = {
            Episode.End.MET: agreed,
            Episode.End.SINGLE_AGENCY: ("end_agency", *agreed),
            Episode.End.UNIVERSAL: agreed,
            Episode.End.OTHER: ("end_note", *agreed),
        }
        named = procedure_in_force().reasons.ending
        self.fields["reason"] = RadioField(
            label="Why does early help end?",
            required_message="Select why early help ends",
            choices=[
                Choice(value, getattr(named, value), reveals=reveals.get(Episode.End(value), ()))
                for value in Episode.End.values
            ],
        )
        if not planned:
            del self.fields["end_agreed"], self.fields["end_reason"]
        self.fields |= action_fields(lines)

    def layout(self) -> Layout:
        names = [f"{name}_{line.action.pk}" for line in self.lines for name in ("result", "note")]
        asked = [name for name in ("end_agency", "end_note", "end_agreed", "end_reason") if name in self.fields]
        about = "Say of each what becomes of it. Nothing stays open when early help has ended."
        return Layout(
            "reason", *asked, *([heading("What each open action came to"), paragraph(about)] if names else []), *names
        )

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        self.add_problems(rules.unfinished_problems(self.lines_open(), results_of(self.lines, data)))
        return data

    def lines_open(self) -> dict[int, str]:
        return {line.action.pk: line.who for line in self.lines}

    def said(self) -> EndSaid:
        data = self.cleaned_data
        return EndSaid(
            reason=data["reason"],
            results=results_of(self.lines, data),
            end_agency=data.get("end_agency", ""),
            end_note=data.get("end_note", ""),
            end_agreed=data.get("end_agreed", ""),
            end_reason=data.get("end_reason", ""),
        )
