"""From a document's text to a procedure, or to everything that is wrong with it, each with its line; and back, a value at a
time, with all that stands around it."""

import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import tomlkit
from pydantic import BaseModel, ValidationError
from pydantic.fields import FieldInfo

from earlyhelp.procedures.form import AssessmentForm, Unfit, said_otherwise, unknown_levels, whole
from earlyhelp.procedures.schema import Procedure, Rule

FOLDER = Path(__file__).parent
NAMES = ("default", "devon", "rotherham", "worcestershire", "middlesbrough", "medway")
HEADING = re.compile(r"\s*(\[\[?)\s*([\w.-]+)\s*\]")
KEY = re.compile(r"\s*([\w-]+)\s*=")
REASONS = {
    "missing": "“{key}” is missing",
    "extra_forbidden": "there is no “{key}” in a procedure",
    "greater_than_equal": "“{key}” must be {ge} or more",
    "less_than_equal": "“{key}” must be {le} or less",
    "int_type": "“{key}” must be a whole number, without quotes",
    "string_type": "“{key}” must be words in quotes",
    "bool_type": "“{key}” must be true or false",
    "literal_error": "“{key}” must be one of {expected}",
    "string_too_short": "“{key}” must not be empty",
    "string_too_long": "“{key}” must be {max_length} characters or fewer",
    "too_short": "“{key}” must have at least one entry",
    "model_type": "“{key}” must be a part of its own, under a heading",
    "tuple_type": "“{key}” must be a list",
    "value_error": "{error}",
}
PATTERNS = {
    "phone": "“{key}” must be a phone number, like 01632 960001",
    "words": "“{key}” must be words only, without numbers or signs",
    "code": "“{key}” must be small letters, numbers and underscores",
}


@dataclass(frozen=True)
class Mistake:
    """What is wrong in a line of a document."""

    line: int
    reason: str

    def __str__(self) -> str:
        return f"Line {self.line}: {self.reason}"


class Unreadable(Exception):
    """A document that is no procedure: all its mistakes, in the order of their lines."""

    def __init__(self, mistakes: list[Mistake]) -> None:
        self.mistakes = sorted(mistakes, key=lambda mistake: mistake.line)
        super().__init__(f"{len(mistakes)} mistakes")


def text_of(name: str) -> str:
    """One of the documents that come with the product."""
    return (FOLDER / f"{name}.toml").read_text()


def read(text: str) -> Procedure:
    """The procedure that a document says. Raises Unreadable with every mistake and its line."""
    try:
        procedure = Procedure.model_validate(tomllib.loads(text))
    except tomllib.TOMLDecodeError as error:
        raise Unreadable([_unreadable(str(error))]) from None
    except (RecursionError, OverflowError):
        raise Unreadable([_unreadable("it is nested too deeply")]) from None
    except ValidationError as error:
        lines = _lines(text)
        raise Unreadable([_mistake(found, lines) for found in error.errors(include_url=False)]) from None
    if unfit := list(_unfit(procedure)):
        lines = _lines(text)
        raise Unreadable([Mistake(_line(lines, ("assessment", *one.at)), one.reason) for one in unfit])
    return procedure


def _unfit(procedure: Procedure) -> Iterator[Unfit]:
    """What the form of assessments says that isn't so."""
    try:
        whole(procedure.assessment)
    except Unfit as unfit:
        yield unfit
        return
    yield from unknown_levels(procedure.assessment, {level.code for level in procedure.levels})


@lru_cache(maxsize=64)
def read_kept(text: str) -> Procedure:
    """The procedure of a version that was checked when it was loaded: what came into the schema since is as by default, and
    what left it is passed over."""
    return Procedure.model_validate(_laid_over(Procedure, tomllib.loads(text_of("default")), tomllib.loads(text)))


def _laid_over(part: type[BaseModel], default: Mapping[str, Any], said: Mapping[str, Any]) -> dict[str, Any]:
    """What was `said`, and the default where nothing was, for each field of a part."""
    found = {}
    for name, field in part.model_fields.items():
        value = said.get(name, default[name])
        inner = _part_of(field)
        if inner and inner is not AssessmentForm and isinstance(value, dict):
            value = _laid_over(inner, default[name], value)
        found[name] = value
    return found


def _part_of(field: FieldInfo) -> type[BaseModel] | None:
    kind = field.annotation
    return kind if isinstance(kind, type) and issubclass(kind, BaseModel) else None


def _unreadable(error: str) -> Mistake:
    where = re.search(r"line (\d+)", error)
    said = re.sub(r"\s*\(at .*\)$", "", error)
    return Mistake(int(where[1]) if where else 1, f"this can’t be read as TOML: {said[:1].lower()}{said[1:]}")


def _mistake(found: Any, lines: Mapping[tuple[str | int, ...], int]) -> Mistake:
    where, kind = tuple(found["loc"]), found["type"]
    key = next((str(part) for part in reversed(where) if isinstance(part, str)), "")
    if kind == "string_pattern_mismatch":
        said = PATTERNS.get(_pattern(where), "“{key}” must not have braces in it")
    else:
        said = REASONS.get(kind, found["msg"])
    told = found.get("ctx", {})
    return Mistake(_line(lines, where), said.format(key=key, **{name: told[name] for name in told}))


def _line(lines: Mapping[tuple[str | int, ...], int], where: tuple[str | int, ...]) -> int:
    """The line of a value, else of the nearest part around it."""
    return next((lines[where[:end]] for end in range(len(where), 0, -1) if where[:end] in lines), 1)


def _pattern(where: tuple[str | int, ...]) -> str:
    key = str(where[-1])
    if key.startswith("phone"):
        return "phone"
    return (
        "code"
        if key == "code"
        else "words"
        if where[0] == "words" and key not in ("agreement_form", "front_door")
        else ""
    )


def _lines(text: str) -> dict[tuple[str | int, ...], int]:
    """The line on which each heading and key stands."""
    found: dict[tuple[str | int, ...], int] = {}
    seen: dict[tuple[str | int, ...], int] = {}
    at: tuple[str | int, ...] = ()
    for number, line in enumerate(text.splitlines(), start=1):
        if heading := HEADING.match(line):
            at = _within(heading[2].split("."), seen)
            if heading[1] == "[[":
                found.setdefault(at, number)
                seen[at] = seen.get(at, -1) + 1
                at = (*at, seen[at])
            for end in range(1, len(at) + 1):
                found.setdefault(at[:end], number)
        elif key := KEY.match(line):
            found.setdefault((*at, key[1]), number)
    return found


def _within(names: Iterable[str], seen: Mapping[tuple[str | int, ...], int]) -> tuple[str | int, ...]:
    """Where a heading stands: in the latest entry of each list that it names."""
    at: tuple[str | int, ...] = ()
    for number, name in enumerate(names):
        at = (*at, seen[at], name) if number and at in seen else (*at, name)
    return at


def with_values(text: str, values: Mapping[str, Any]) -> str:
    """The document with some values changed, each named by its path ("words.lead"); all else stays, comments too."""
    document = tomlkit.parse(text)
    for path, value in values.items():
        *parts, key = path.split(".")
        part: Any = document
        for name in parts:
            part = part[name]
        part[key] = value
    return tomlkit.dumps(document)


def value_at(procedure: Procedure, path: str) -> Any:
    found: Any = procedure
    for name in path.split("."):
        found = getattr(found, name)
    return found


@dataclass(frozen=True)
class Difference:
    """A value that two procedures don't share, in words."""

    path: str
    title: str
    before: str
    after: str


def differences(before: Procedure, after: Procedure) -> list[Difference]:
    """What `after` says otherwise, in the document's order."""
    return list(_differences(before, after, (), ()))


def _differences(
    before: BaseModel, after: BaseModel, path: tuple[str, ...], titles: tuple[str, ...]
) -> Iterator[Difference]:
    for name, field in type(before).model_fields.items():
        old, new = getattr(before, name), getattr(after, name)
        here = (*titles, field.title) if field.title else titles
        if isinstance(before, Rule) and isinstance(after, Rule) and name in ("amount", "unit"):
            if name == "amount" and before.words != after.words:
                yield Difference(".".join((*path, name)), ": ".join(here), before.words, after.words)
        elif isinstance(old, AssessmentForm):
            for where, was, now in said_otherwise(whole(old), whole(new)):
                yield Difference(".".join((*path, name)), f"{field.title or name}: {where}", was, now)
        elif isinstance(old, BaseModel):
            yield from _differences(old, new, (*path, name), here)
        elif old != new:
            yield Difference(".".join((*path, name)), ": ".join(here), _words(old), _words(new))


def _words(value: Any) -> str:
    if isinstance(value, tuple):
        return "; ".join(getattr(one, "name", str(one)) for one in value) or "nobody"
    if isinstance(value, bool):
        return "yes" if value else "no"
    return str(value).replace("_", " ") if value != "" else "nothing"
