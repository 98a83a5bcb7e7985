"""Errors that carry a sentence for the person who meets them."""

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True)
class Problem:
    """One thing that stands in the way of saving, and the question that it belongs to ("" when it is no answer's)."""

    text: str
    field: str = ""

    @property
    def sentence(self) -> str:
        return self.text if self.text.endswith(".") else f"{self.text}."


@dataclass(frozen=True)
class Gap:
    """What is missing before a step can be taken: what, who can put it right, where, and the rule that asks for it."""

    text: str
    who: str
    url: str
    rule: str

    def __str__(self) -> str:
        return f"{self.text} {self.who}".strip()


class Refused(Exception):
    """The record can't take this step. Says what is missing and who can put it right, never a person's data; `field`
    names the answer to change, where a form asked for it."""

    def __init__(self, *problems: Problem | str, field: str = "") -> None:
        self.problems = tuple(one if isinstance(one, Problem) else Problem(one, field) for one in problems)
        self.reason = " ".join(problem.sentence for problem in self.problems)
        super().__init__(self.reason)


class Stale(Refused):
    """Someone else changed the same thing in between; what was typed is kept."""


def refuse(problems: Iterable[Problem]) -> None:
    """Refuse with all that stands in the way; go on when nothing does."""
    if found := tuple(problems):
        raise Refused(*found)
