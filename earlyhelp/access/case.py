"""One family as one page needs it: what is asked of it again and again is read once."""

from collections.abc import Callable
from typing import Any, TypeVar

T = TypeVar("T")


class Case:
    """A family with what was found out about it. It is made for one page: nothing in it follows what is changed later."""

    def __init__(self, family: Any) -> None:
        self.family = family
        self.known: dict[Callable[[Case], Any], Any] = {}


def fact(read: Callable[[Case], T]) -> Callable[[Case], T]:
    """Decorate a function of a case: it is asked at most once for each."""

    def once(case: Case) -> T:
        if once not in case.known:
            case.known[once] = read(case)
        found: T = case.known[once]
        return found

    once.__doc__ = read.__doc__
    return once
