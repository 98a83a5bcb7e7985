"""A part of an assessment as a form, made from its questions."""

import re
from collections.abc import Collection, Sequence
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError

from assessments.kinds import DETAILS, TABLES, WORDS, Box, Key, Said, answers_to, as_day, boxes
from assessments.models.writing import LONGEST
from earlyhelp.accounts.models import Agency
from earlyhelp.govuk.components import Choice
from earlyhelp.govuk.fields import (
    CheckboxesField,
    ConfirmField,
    DateField,
    RadioField,
    SelectField,
    TextAreaField,
    TextField,
)
from earlyhelp.govuk.forms import Details, GovukForm, Group, Layout, Line, inset
from earlyhelp.procedures.form import AssessmentForm, Question
from earlyhelp.procedures.services import procedure_in_force
from families.models import Person

EVERYONE, ONLY_AGENCY, FEW = "everyone", "agency", "few"
MOST_ROWS = 40


class NumberAsWritten(TextField):
    """A number as people write it: 87 or 87.5; not more than `most`."""

    default_width = 5
    most: int | None = None

    def validate(self, value: str) -> None:
        super().validate(value)
        if value and not re.fullmatch(r"\d{1,6}([.,]\d{1,2})?", value):
            raise ValidationError(f"{self.noun} must be a number, like 87 or 87.5", code="invalid")
        if value and self.most is not None and float(value.replace(",", ".")) > self.most:
            raise ValidationError(f"{self.noun} must be {self.most} or less", code="invalid")


def name_of(key: Key) -> str:
    """What the field of a box is called."""
    question, row, box = key
    return "-".join(filter(None, (question, str(row) if row else "", box)))


class PartForm(GovukForm):
    """The questions of one part that are asked of one family, or person: `said` is what stands there. No answer is needed to
    save. A table has a row more than is filled in, and as many as `rows` says."""

    ready = ConfirmField(
        label="My part here is ready",
        required=False,
        help_text="I have written what I know. I can still change it until the assessment is finalised.",
    )
    who_reads = RadioField(
        label="Who may read what you write here?",
        required=False,
        initial=EVERYONE,
        empty_value=EVERYONE,
    )
    kept_from = CheckboxesField(
        label="Is there anyone in the family who must not be told? (optional)",
        required=False,
        small=True,
        help_text="Everyone who reads it is told so, and it is in nothing that is printed for the family.",
    )

    def __init__(
        self,
        *args: Any,
        form: AssessmentForm,
        questions: Sequence[Question],
        person: Person | None,
        people: Sequence[Person],
        agency: Agency | None,
        rows: int,
        taken: Collection[tuple[str, int]] = (),
        warnings: Sequence[str] = (),
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.form, self.questions, self.person, self.people = form, questions, person, people
        self.warnings = warnings
        self.boxes: dict[str, tuple[Key, Question, Box]] = {}
        self.set_choices("kept_from", [(str(one.pk), one.name) for one in people if one.speaks])
        lead = procedure_in_force().words.lead
        readers = [Choice(EVERYONE, "Everyone who may read this assessment")]
        if agency:
            readers.append(Choice(ONLY_AGENCY, f"Only {agency.name}", hint=f"Not the {lead}, unless they work there."))
        readers.append(Choice(FEW, f"Only you, your managers and the {lead}, as they are now"))
        self.set_choices("who_reads", readers)
        last = {name: self.fields.pop(name) for name in ("who_reads", "kept_from", "ready")}
        self.rows = {question.code: rows if question.kind in TABLES else 1 for question in questions}
        for question in questions:
            for row in range(self.rows[question.code]):
                if (question.code, row) in taken:
                    continue
                for box in boxes(question):
                    if question.voice and box.code in DETAILS:
                        continue
                    key = (question.code, row, box.code)
                    name = name_of(key)
                    self.boxes[name] = key, question, box
                    self.fields[name] = self._field(question, row, box)
        self.fields.update(last)

    def _field(self, question: Question, row: int, box: Box) -> Any:
        label = self.worded(box.label or question.label)
        noun = self.worded(question.label) if not box.code else f"{self.worded(question.label)}: {label}"
        if question.kind in TABLES:
            label, noun = f"{label}, {row + 1}" if row else label, f"{label} in line {row + 1}"
        common: dict[str, Any] = {"label": label, "required": False, "noun": noun.rstrip("?")}
        size = "" if question.kind in TABLES else "s"
        hint = "" if box.label else self.worded(question.hint)
        if box.holds == "long":
            rows = 8 if question.kind in ("text", "columns") else 2
            is_line = question.kind in TABLES
            return TextAreaField(
                **common, max_length=LONGEST, rows=rows, help_text=hint, count=not is_line, size="" if is_line else "s"
            )
        if box.holds == "line":
            return TextField(**common, max_length=300, size="" if box.code in DETAILS else size)
        if box.holds == "number":
            field = NumberAsWritten(**common | {"label": f"{label} {question.unit}".strip()})
            field.most = 100 if question.unit == "%" else None
            return field
        if box.holds == "day":
            return DateField(**common, help_text=hint)
        if box.holds == "yes":
            return ConfirmField(**common)
        if box.holds == "scale":
            common |= {"choices": [(str(n), str(n)) for n in range(11)], "inline": True, "small": True}
            says = "0 is as bad as it can be. 10 means no worries: safe enough to close."
            return RadioField(**common, help_text=says if box.code == "scale" else "")
        if box.holds == "checks":
            return CheckboxesField(**common, choices=answers_to(question, box, self.form), help_text=hint, small=True)
        if box.holds == "person":
            return SelectField(**common, choices=[(str(p.pk), p.name) for p in self.people], size=size)
        choices = answers_to(question, box, self.form)
        if box.code == "headline":
            return SelectField(**common, choices=choices, size=size)
        small = box.code == "nature"
        return RadioField(**common, choices=choices, help_text=hint, small=small, size="" if small else "s")

    def worded(self, text: str) -> str:
        """A question in words about the person that it is about."""
        return text.replace("{name}", self.person.short_name if self.person else "they")

    def layout(self) -> Layout:
        found: list[Any] = [inset(sentence) for sentence in self.warnings]
        for question in self.questions:
            names = [name for name, (_, of, _) in self.boxes.items() if of is question]
            few = [name for name in names if self.boxes[name][2].code in DETAILS and question.kind in WORDS]
            many = [name for name in names if name not in few]
            lines = [
                [name for name in many if self.boxes[name][0][1] == row] for row in range(self.rows[question.code])
            ]
            inner: list[Any] = [Line(*line) for line in lines if line] if question.kind in TABLES else list(many)
            if few:
                is_said = any(self._has(name) for name in few)
                inner.append(Details("Fact, opinion or allegation?", *few, open=is_said))
            if len(many) == 1 and not question.prompts:
                found += inner
                continue
            heading, hint = self.worded(question.label), self.worded(question.hint)
            if len(many) == 1:
                heading, hint = "", ""
            found.append(Group(heading, *inner, hint=hint, prompts=question.prompts))
        narrowed = self._has("kept_from") or self["who_reads"].value() not in (EVERYONE, None, "")
        found.append(Details("Who may read this, and who must not be told", "who_reads", "kept_from", open=narrowed))
        return Layout(*found, "ready")

    def _has(self, name: str) -> bool:
        return bool(self[name].value()) or name in self.errors

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        if not self.errors and not any(self.said().values()):
            self.add_error(
                next(iter(self.fields)), "Enter something in at least one box. If it is not known, write “not known”"
            )
        return data

    def said(self) -> dict[Key, str]:
        """What a valid form says, box by box, empty ones too."""
        return {key: as_text(self.cleaned_data.get(name)) for name, (key, _, _) in self.boxes.items()}


def as_text(value: Any) -> str:
    """An answer as it is kept."""
    if isinstance(value, bool):
        return "yes" if value else ""
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, list):
        return "\n".join(value)
    return "" if value is None else str(value)


def as_shown(box: Box, text: str) -> Any:
    """What is kept, as the field of a box shows it."""
    if box.holds == "day":
        return as_day(text)
    if box.holds == "checks":
        return text.split("\n") if text else []
    return bool(text) if box.holds == "yes" else text


def initial_of(said: Said, questions: Sequence[Question]) -> dict[str, Any]:
    """What a form shows of what is said."""
    by_code = {(question.code, box.code): box for question in questions for box in boxes(question)}
    return {
        name_of((code, row, box)): as_shown(by_code[code, box], text)
        for (code, row, box), text in said.items()
        if (code, box) in by_code
    }


def rows_in(said: Said) -> int:
    """In how many rows of a table something is said."""
    return max((row + 1 for (_, row, _), text in said.items() if text), default=0)
