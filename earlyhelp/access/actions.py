"""Named actions: what someone may do to what they can see, with one rule each, beside the thing that it protects.

A rule answers with the reason why not, as a sentence for the person who asks, or "" for yes. The same answer hides the
button and words the page that refuses.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from earlyhelp.access.levels import Level
from earlyhelp.access.reasons import that_run
from earlyhelp.accounts.models import User

Rule = Callable[["Asker", Any], str]
NEEDS = {
    Level.NONE: "",
    Level.BASIC: "Only people who may know this family can do this.",
    Level.VIEW: "You can see that this family is known, and who leads. Ask the lead if you need to see more.",
    Level.CONTRIBUTE: "Only people on the family’s team can add to the record. Ask the lead to add you.",
    Level.LEAD: "Only the family’s lead or their manager can do this. Ask the lead.",
    Level.MANAGE: "Only a manager can do this. Ask the lead’s manager.",
}


@dataclass(frozen=True)
class Asker:
    """Who asks, the highest level that they hold for the family in question, and why they see it.

    `by_name`: they read only what is about someone by name (lawful sharing), nothing about the whole family. `withheld`:
    for each way in which they may know more than basic information, about whom they may not.
    """

    user: User
    level: Level = Level.NONE
    reasons: frozenset[str] = frozenset()
    by_name: bool = False
    withheld: tuple[frozenset[int], ...] = ()

    def knows_more_of(self, person_id: int) -> bool:
        """Whether they may know more than basic information of one person."""
        return any(person_id not in people for people in self.withheld)

    @property
    def runs(self) -> bool:
        """Whether they run the family's support: lead, make the first contact, or manage who does."""
        return bool(self.reasons & that_run())


@dataclass(frozen=True)
class Action:
    code: str
    label: str
    level: Level
    rule: Rule | None = field(default=None, compare=False)

    def refusal(self, asker: Asker, thing: Any = None) -> str:
        """Why `asker` can't do this to `thing`, or "" when they can."""
        if asker.level < self.level:
            return NEEDS[self.level]
        return self.rule(asker, thing) if self.rule else ""

    def allows(self, asker: Asker, thing: Any = None) -> bool:
        return not self.refusal(asker, thing)


registry: dict[str, Action] = {}


def action(code: str, label: str, level: Level = Level.NONE, rule: Rule | None = None) -> Action:
    """Declare an action once, under a code "app.verb"."""
    if code in registry:
        raise ValueError(f"The action {code} is declared twice")
    registry[code] = Action(code, label, level, rule)
    return registry[code]
