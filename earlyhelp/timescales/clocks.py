"""The kinds of clock. Each is one line in the app that knows what it times, and one row of the local procedure."""

from collections.abc import Callable
from dataclasses import KW_ONLY, dataclass
from typing import Any

from django.db.models import Model

from earlyhelp.core.dates import Unit

registry: dict[str, "Clock"] = {}
# Who hears, in this order: the owner twice, then one after the other, a day apart
EVERYONE = ("due_soon", "overdue", "manager", "locality", "service")


@dataclass(frozen=True)
class Time:
    """What the local procedure gives a clock: how long, whether a manager may give more, and who hears of it when."""

    amount: int
    unit: Unit
    _: KW_ONLY
    extendable: bool = True
    hears: tuple[str, ...] = EVERYONE


@dataclass(frozen=True)
class Clock:
    """A kind of clock: what it is `of` (a model); in words, what starts it (and starts it `again`, where a row has one
    after the other) and what meets it; and where it links to: the page of whatever it is about (a family or a request),
    unless `link` makes another of that and of the row that is timed. `usual` holds where the local procedure says nothing.

    An `overseen` clock is for those who oversee the support, not part of it: they alone read it, and it neither rests nor
    changes hands with the support.
    """

    kind: str
    label: str
    usual: Time
    _: KW_ONLY
    of: str
    starts: str
    again: str = ""
    met_by: str
    link: Callable[[Any, Any], str] = lambda about, row: str(about.get_absolute_url())
    overseen: bool = False

    def __post_init__(self) -> None:
        if self.kind in registry:
            raise ValueError(f"The clock {self.kind} is declared twice")
        registry[self.kind] = self

    def key(self, row: Model, number: int = 1) -> str:
        """What names the clock of a row; the `number`-th, where a row has one after the other."""
        return f"{self.kind}:{row.pk}:{number}"
