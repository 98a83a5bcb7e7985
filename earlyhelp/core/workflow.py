"""Transition tables as data: which step may follow which."""

from collections.abc import Mapping
from dataclasses import dataclass

from earlyhelp.core.errors import Refused


@dataclass(frozen=True)
class Workflow:
    """A table of step name → (states it may start from, state it ends in)."""

    name: str
    steps: Mapping[str, tuple[frozenset[str], str]]

    def after(self, state: str, step: str) -> str:
        """The state that `step` leads to, or Refused when it can't follow `state`."""
        sources, target = self.steps[step]
        if state not in sources:
            raise Refused(f"This {self.name} has moved on since you opened the page. Look at it again.")
        return target

    def allows(self, state: str, step: str) -> bool:
        return state in self.steps[step][0]
