"""What an assessment asks, as a part of the local procedure (domain 3.1): parts with questions, or the form that comes with
the product and what is otherwise in it."""

import tomllib
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, Field, StringConstraints, model_validator

from earlyhelp.procedures.parts import Code, Part, Reason, once

Kind = Literal[
    "text", "columns", "scales", "choice", "checks", "date", "person", "professionals", "events", "outcomes", "number"
]
About = Literal["family", "child", "adult", "agency"]
Need = Literal["may", "should", "must"]
Title = Annotated[str, StringConstraints(min_length=1, max_length=200)]
Hint = Annotated[str, StringConstraints(max_length=600)]
Rule = Annotated[str, StringConstraints(max_length=80)]
At = Annotated[str, StringConstraints(max_length=41, pattern=r"^[a-z0-9_]+(\.[a-z0-9_]+)?$")]
Standard = Annotated[str, StringConstraints(pattern=r"^PS-[1-9]$")]
CHOOSES = ("choice", "checks")
KINDS: dict[Kind, str] = {
    "text": "text",
    "columns": "worries, what works well and what needs to happen, with a scale",
    "scales": "scales of the child, the parents and the practitioner",
    "choice": "one of several answers",
    "checks": "any of several answers",
    "date": "a date",
    "person": "a person of the family",
    "professionals": "a table of professionals",
    "events": "a table of events",
    "outcomes": "a table of what is aimed for",
    "number": "a number, with its date",
}


class Question(Part):
    """One question. `need`: it may stay empty, should be answered before the assessment is finalised unless someone says why
    not, or must be. `voice`: what a child says themselves, which nobody unborn is asked; `born`: nor is this. `level`: asked from that level of need
    on; `deeper`: asked once the assessment is taken deeper. `overview`: stands on the family's first page. `safe`: any other answer shows whom to call; `unless`: needed, if
    the question before it is answered, and otherwise than so. `request`: begins with what the request said of it. `outcome`: the headline outcome of which it tells; `standards`:
    the practice standards that it meets (PS-1 to 9)."""

    code: Code = Field(title="Code")
    kind: Kind = Field(title="Kind")
    label: Title = Field(title="Question")
    hint: Hint = Field("", title="Hint")
    prompts: tuple[Title, ...] = Field((), title="Prompts", strict=False)
    need: Need = Field("may", title="Whether it is needed")
    options: Annotated[tuple[Reason, ...], AfterValidator(once)] = Field((), title="Answers", strict=False)
    unit: Annotated[str, StringConstraints(max_length=20)] = Field("", title="Counted in")
    voice: bool = Field(False, title="A child’s own words")
    born: bool = Field(False, title="Not asked about an unborn child")
    level: str = Field("", title="Asked from this level of need")
    deeper: bool = Field(False, title="Asked when the assessment goes deeper")
    overview: bool = Field(False, title="Stands on the family’s first page")
    safe: str = Field("", title="The answer that says that no child is suffering harm")
    unless: str = Field("", title="Needed, unless the question before it has this answer")
    request: Literal["", "what_for", "tried"] = Field("", title="Begins with what the request said")
    outcome: str = Field("", title="Headline outcome")
    standards: tuple[Standard, ...] = Field((), title="Practice standards", strict=False)
    rule: Rule = Field("", title="Rule")

    @model_validator(mode="after")
    def _fits_its_kind(self) -> "Question":
        if (self.kind in CHOOSES) != bool(self.options):
            raise ValueError(
                f"“options” is missing: list the answers of “{self.code}”"
                if self.kind in CHOOSES
                else f"“options” is for a choice or checks: “{self.code}” is of another kind"
            )
        if self.unit and self.kind != "number":
            raise ValueError(f"“unit” is for a number: “{self.code}” is of another kind")
        if self.voice and self.kind != "text":
            raise ValueError(f"“voice” is for text: “{self.code}” is of another kind")
        if self.request and self.kind != "text":
            raise ValueError(f"“request” is for text: “{self.code}” is of another kind")
        if self.safe and self.safe not in {option.code for option in self.options}:
            raise ValueError(f"“safe” is one of the answers: “{self.code}” has no “{self.safe}”")
        if self.overview and self.kind != "columns":
            raise ValueError(f"“overview” is for columns: “{self.code}” is of another kind")
        return self

    @property
    def kind_words(self) -> str:
        return KINDS[self.kind]

    @property
    def need_words(self) -> str:
        return {"may": "", "should": "expected", "must": "needed"}[self.need]


class AddedQuestion(Question):
    """A question for a part of the form that is extended, last in it, or `after` another."""

    part: Code = Field(title="Part")
    after: str = Field("", title="After")


class FormPart(Part):
    """Questions that are written together: once about the family, about each child, each adult, or by each agency."""

    code: Code = Field(title="Code")
    title: Title = Field(title="Title")
    about: About = Field(title="About whom")
    group: Title = Field(title="Heading")
    hint: Hint = Field("", title="Hint")
    after: str = Field("", title="After")
    rule: Rule = Field("", title="Rule")
    questions: Annotated[tuple[Question, ...], AfterValidator(once)] = Field(
        title="Questions", min_length=1, strict=False
    )

    @model_validator(mode="after")
    def _only_children_have_a_voice(self) -> "FormPart":
        for question in self.questions:
            if question.voice and self.about != "child":
                raise ValueError(f"“voice” is for a part about each child: “{question.code}” is in another")
        return self

    def question(self, code: str) -> Question | None:
        return next((one for one in self.questions if one.code == code), None)


class Rewording(Part):
    """What is otherwise about a part ("child") or a question ("child.voice"): its words, or whether it is needed."""

    of: At = Field(title="Of")
    words: Title | None = Field(None, title="Words")
    hint: Hint | None = Field(None, title="Hint")
    prompts: tuple[Title, ...] | None = Field(None, title="Prompts", strict=False)
    need: Need | None = Field(None, title="Whether it is needed")
    rule: Rule = Field(title="Rule")


class AssessmentForm(Part):
    """A form. With `extends` it is the one of that name, without what it leaves out, with what is reworded and added."""

    extends: Literal["", "whole_family"] = Field("", title="Extends")
    leaves_out: tuple[At, ...] = Field((), title="Leaves out", strict=False)
    outcomes: Annotated[tuple[Reason, ...], AfterValidator(once)] = Field((), title="Headline outcomes", strict=False)
    rewords: tuple[Rewording, ...] = Field((), title="Rewords", strict=False)
    questions: tuple[AddedQuestion, ...] = Field((), title="Adds questions", strict=False)
    parts: Annotated[tuple[FormPart, ...], AfterValidator(once)] = Field((), title="Parts", strict=False)

    @model_validator(mode="after")
    def _whole_or_extending(self) -> "AssessmentForm":
        if not self.extends and not self.parts:
            raise ValueError("A form needs “parts”, or says which form it extends")
        if not self.extends and (self.leaves_out or self.rewords or self.questions):
            raise ValueError("“leaves_out”, “rewords” and “questions” are for a form that extends another: say which")
        return self

    def part(self, code: str) -> FormPart | None:
        return next((one for one in self.parts if one.code == code), None)

    def each(self) -> Iterator[tuple[FormPart, Question]]:
        return ((part, question) for part in self.parts for question in part.questions)


class Unfit(Exception):
    """What a form says of another that isn't so; `at` is where it says so, in the document."""

    def __init__(self, at: tuple[str | int, ...], reason: str) -> None:
        super().__init__(reason)
        self.at, self.reason = at, reason


def built_in() -> AssessmentForm:
    """The whole-family form that comes with the product."""
    return _read("whole_family")


@lru_cache(maxsize=4)
def _read(name: str) -> AssessmentForm:
    return AssessmentForm.model_validate(tomllib.loads((Path(__file__).parent / f"{name}.toml").read_text()))


@lru_cache(maxsize=64)
def whole(form: AssessmentForm) -> AssessmentForm:
    """The form with all that it extends. Raises Unfit."""
    if not form.extends:
        _check_outcomes(form)
        return form
    base = _read(form.extends)
    parts = {part.code: part for part in base.parts}
    for at in form.leaves_out:
        _leave_out(parts, at, ("leaves_out",))
    for number, one in enumerate(form.rewords):
        _reword(parts, one, ("rewords", number))
    for number, added in enumerate(form.questions):
        _add(parts, added, ("questions", number))
    order = list(parts.values())
    for number, new in enumerate(form.parts):
        if new.code in parts:
            raise Unfit(("parts", number, "code"), f"there is a part “{new.code}” already: name yours otherwise")
        order.insert(_place([part.code for part in order], new.after, ("parts", number, "after")), new)
    made = base.model_copy(update={"parts": tuple(order), "outcomes": form.outcomes or base.outcomes})
    _check_outcomes(made)
    return made


Parts = dict[str, FormPart]
Where = tuple[str | int, ...]


def _found(parts: Parts, at: str, where: Where) -> tuple[FormPart, Question | None]:
    part_code, _, code = at.partition(".")
    part = parts.get(part_code)
    question = part.question(code) if part and code else None
    if part is None or (code and question is None):
        raise Unfit(where, f"there is no “{at}” in the form that this one extends")
    return part, question


def _leave_out(parts: Parts, at: str, where: Where) -> None:
    part, question = _found(parts, at, where)
    left = tuple(one for one in part.questions if question and one.code != question.code)
    if left:
        parts[part.code] = part.model_copy(update={"questions": left})
    else:
        del parts[part.code]


def _reword(parts: Parts, one: Rewording, where: Where) -> None:
    part, question = _found(parts, one.of, (*where, "of"))
    said: dict[str, Any] = (
        {"hint": one.hint, "prompts": one.prompts, "need": one.need} if question else {"hint": one.hint}
    )
    if not question and (one.need or one.prompts is not None):
        raise Unfit((*where, "of"), f"“{one.of}” is a part: say “need” and “prompts” of its questions")
    said["label" if question else "title"] = one.words
    update = {name: value for name, value in said.items() if value is not None}
    if not update:
        raise Unfit((*where, "of"), f"nothing is said of “{one.of}”: give “words”, “hint”, “prompts” or “need”")
    update["rule"] = one.rule
    if question:
        changed = question.model_copy(update=update)
        kept = tuple(changed if old.code == question.code else old for old in part.questions)
        parts[part.code] = part.model_copy(update={"questions": kept})
    else:
        parts[part.code] = part.model_copy(update=update)


def _add(parts: Parts, added: AddedQuestion, where: Where) -> None:
    part, _ = _found(parts, added.part, (*where, "part"))
    if part.question(added.code):
        raise Unfit((*where, "code"), f"there is a question “{added.part}.{added.code}” already: name yours otherwise")
    if added.voice and part.about != "child":
        raise Unfit((*where, "voice"), f"“voice” is for a part about each child: “{added.part}” is about others")
    said = {name: getattr(added, name) for name in Question.model_fields}
    order = list(part.questions)
    order.insert(_place([one.code for one in order], added.after, (*where, "after")), Question(**said))
    parts[part.code] = part.model_copy(update={"questions": tuple(order)})


def _place(codes: list[str], after: str, where: Where) -> int:
    if after and after not in codes:
        raise Unfit(where, f"there is no “{after}” to come after")
    return codes.index(after) + 1 if after else len(codes)


def _check_outcomes(form: AssessmentForm) -> None:
    known = {outcome.code for outcome in form.outcomes}
    for part, question in form.each():
        if question.outcome and question.outcome not in known:
            raise Unfit(
                (), f"“{part.code}.{question.code}” has a headline outcome that isn’t listed: “{question.outcome}”"
            )


def unknown_levels(form: AssessmentForm, levels: set[str]) -> Iterator[Unfit]:
    """Questions of the document's own that are asked from a level of need that the procedure doesn't have. One of the form that
    it extends is then asked at every level."""
    for number, part in enumerate(form.parts):
        for nth, question in enumerate(part.questions):
            if question.level and question.level not in levels:
                yield Unfit(("parts", number, "questions", nth, "level"), _no_level(question.level))
    for number, added in enumerate(form.questions):
        if added.level and added.level not in levels:
            yield Unfit(("questions", number, "level"), _no_level(added.level))


def _no_level(code: str) -> str:
    return f"there is no level of need “{code}” in this procedure"


def said_otherwise(before: AssessmentForm, after: AssessmentForm) -> Iterator[tuple[str, str, str]]:
    """What the second form asks otherwise than the first: where, before, after; both are whole."""
    old, new = _in_words(before), _in_words(after)
    for key in [*new, *(key for key in old if key not in new)]:
        was, now = old.get(key, ("", "not asked")), new.get(key, ("", "not asked"))
        if was[1] != now[1]:
            yield (now[0] or was[0]), was[1], now[1]


def _in_words(form: AssessmentForm) -> dict[str, tuple[str, str]]:
    """Each part and question, by where it stands: what it is called, and all that it says."""
    found: dict[str, tuple[str, str]] = {}
    for part in form.parts:
        found[part.code] = (part.title, "; ".join(filter(None, (part.title, part.hint))))
        for question in part.questions:
            said: list[Any] = [question.label, question.hint, *question.prompts]
            said += [", ".join(option.name for option in question.options), question.need_words]
            name = f"{part.title}: {question.label}"
            found[f"{part.code}.{question.code}"] = (name, "; ".join(filter(None, said)))
    return found
