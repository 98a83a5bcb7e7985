"""A form with nothing in it: for a home visit, and for an administrator who looks at it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from assessments.kinds import DETAILS, TABLES, Box, answers_to, boxes
from assessments.places import Place
from earlyhelp.procedures.form import AssessmentForm, Question

LINES_OF_A_TABLE = 3


@dataclass(frozen=True)
class BlankBox:
    """A box on paper: what stands before it, how it is filled in, and what can be ticked."""

    label: str
    holds: str
    answers: list[str]


@dataclass(frozen=True)
class BlankQuestion:
    question: Question
    label: str
    hint: str
    boxes: list[BlankBox]
    lines: int


@dataclass(frozen=True)
class BlankPart:
    title: str
    hint: str
    questions: list[BlankQuestion]


def blank(form: AssessmentForm, asked: Iterable[tuple[Place, Sequence[Question]]]) -> list[BlankPart]:
    """The places of a form as they are printed to be written on by hand."""
    return [
        BlankPart(place.title, place.part.hint, [_question(form, place, one) for one in questions])
        for place, questions in asked
    ]


def _question(form: AssessmentForm, place: Place, question: Question) -> BlankQuestion:
    name = place.person.short_name if place.person else "they"
    found = [_box(form, question, box) for box in boxes(question) if box.code not in DETAILS or question.kind in TABLES]
    lines = LINES_OF_A_TABLE if question.kind in TABLES else 0
    return BlankQuestion(
        question, question.label.replace("{name}", name), question.hint.replace("{name}", name), found, lines
    )


def _box(form: AssessmentForm, question: Question, box: Box) -> BlankBox:
    answers = [words for _, words in answers_to(question, box, form)] if box.holds in ("choice", "checks") else []
    if box.holds == "scale":
        answers = [str(number) for number in range(11)]
    label = f"{box.label} {question.unit}".strip() if box.holds == "number" else box.label
    return BlankBox(label, box.holds, [] if box.code == "headline" else answers)
