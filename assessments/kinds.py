"""The kinds of questions: which boxes each has, and how a box's text is read. What stands in a box is kept as text: a day as
2026-11-23, a choice as its code, a person as their id, several answers a line each."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from earlyhelp.core.text import number
from earlyhelp.govuk.components import when_text
from earlyhelp.procedures.form import AssessmentForm, Question
from families.models import Person

Key = tuple[str, int, str]  # question, row, box
Said = Mapping[Key, str]
NOT_KNOWN = "not_known"
TABLES = ("professionals", "events", "outcomes")
TOLD_AS = {"fact": "Fact", "opinion": "Opinion", "allegation": "Allegation, not proven"}
WORDS = ("text", "columns")  # the kinds that say what is fact and what isn't
DETAILS = ("nature", "source")


@dataclass(frozen=True)
class Box:
    """One box: "long" or "line" for words, "number", "scale", "day", "choice", "checks", "person" or "yes"."""

    code: str
    label: str
    holds: str


SAID_OF_IT = (
    Box("nature", "Is it fact, opinion or an allegation?", "choice"),
    Box("source", "Who says so, or where it stands", "line"),
)
SCALE = Box("scale", "Where are things now, from 0 to 10?", "scale")
BOXES: Mapping[str, tuple[Box, ...]] = {
    "text": (Box("", "", "long"), *SAID_OF_IT),
    "columns": (
        Box("worried", "What are we worried about?", "long"),
        Box("working_well", "What is working well?", "long"),
        Box("needs_to_happen", "What needs to happen?", "long"),
        SCALE,
        *SAID_OF_IT,
    ),
    "scales": (
        Box("child", "The child or young person", "scale"),
        Box("parent", "Parents and carers", "scale"),
        Box("practitioner", "You", "scale"),
    ),
    "choice": (Box("", "", "choice"),),
    "checks": (Box("", "", "checks"),),
    "date": (Box("", "On what day", "day"), Box(NOT_KNOWN, "Not known", "yes")),
    "person": (Box("", "Who", "person"), Box(NOT_KNOWN, "Not known", "yes")),
    "number": (Box("", "How many", "number"), Box("on", "On what day", "day"), Box(NOT_KNOWN, "Not known", "yes")),
    "professionals": (
        Box("name", "Name", "line"),
        Box("role", "Role", "line"),
        Box("where", "Agency, and how to reach them", "line"),
        Box("since", "Since when, or from when to when", "line"),
    ),
    "events": (
        Box("when", "When", "line"),
        Box("what", "What happened", "long"),
        Box("source", "Who says so, or where it stands", "line"),
    ),
    "outcomes": (
        Box("outcome", "What will be different", "long"),
        Box("whom", "For whom", "person"),
        Box("headline", "Headline outcome", "choice"),
        Box("how", "How we will know", "line"),
    ),
}


def as_day(text: str) -> date | None:
    """The day that a text says; None for what isn't one, as in a form in which the question was of another kind."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def boxes(question: Question) -> tuple[Box, ...]:
    return BOXES[question.kind]


def answers_to(question: Question, box: Box, form: AssessmentForm) -> list[tuple[str, str]]:
    """What can be chosen in a box."""
    if box.code == "nature":
        return list(TOLD_AS.items())
    offered = form.outcomes if box.code == "headline" else question.options
    found = [(one.code, one.name) for one in offered]
    return [*found, (NOT_KNOWN, "Not known")] if question.kind == "choice" else found


def in_words(question: Question, box: Box, text: str, form: AssessmentForm, people: Mapping[int, Person]) -> str:
    """What stands in a box, as people read it."""
    if not text:
        return ""
    if box.holds in ("choice", "checks"):
        names = dict(answers_to(question, box, form))
        return ", ".join(names.get(code, code) for code in text.split("\n"))
    if box.holds == "day":
        day = as_day(text)
        return when_text(day) if day else text
    if box.holds == "person":
        person = people.get(number(text))
        return person.name if person else "Someone"
    if box.holds == "yes":
        return "Yes"
    if box.holds == "scale":
        return f"{text} out of 10"
    return f"{text} {question.unit}".strip() if box.holds == "number" else text
