"""The kinds of clock. Each is one line in the app that knows what it times, and one row of the local procedure."""

from collections.abc import Callable
from dataclasses import KW_ONLY, dataclass
from typing import Any

from django.db.models import Model
from django.urls import reverse

from earlyhelp.procedures.schema import Rule
from earlyhelp.procedures.services import procedure_in_force

registry: dict[str, "Clock"] = {}


@dataclass(frozen=True)
class Clock:
    """A kind of clock: what it is `of` (a model); in words, what starts it (and starts it `again`, where a row has one
    after the other) and what meets it; and where it links to: the page of whatever it is about (a family or a request),
    unless `link` makes another of that and of the row that is timed. How long it runs says the local procedure, under its
    kind. `todo` says what its owner is to do, and `form` names the page of the family where they do it, unless that is the one
    that it links to.

    An `overseen` clock is for those who oversee the support, not part of it: they alone read it, and it neither rests nor
    changes hands with the support. One that `keeps_its_date` stays as it was said when it began, because something ends with
    it, whatever the procedure says later. One that `keeps_its_owner` doesn't pass to whoever leads next.
    """

    kind: str
    label: str
    _: KW_ONLY
    of: str
    starts: str
    again: str = ""
    met_by: str
    todo: str
    form: str = ""
    link: Callable[[Any, Any], str] = lambda about, row: str(about.get_absolute_url())
    overseen: bool = False
    keeps_its_date: bool = False
    keeps_its_owner: bool = False

    def __post_init__(self) -> None:
        if self.kind in registry:
            raise ValueError(f"The clock {self.kind} is declared twice")
        registry[self.kind] = self

    @property
    def rule(self) -> Rule:
        """What the local procedure gives it now."""
        return procedure_in_force().clocks.of(self.kind)

    def does_it(self, reference: str, link: str) -> str:
        """The address where its owner does what it waits for."""
        return reverse(self.form, args=[reference]) if self.form else link

    def key(self, row: Model, number: int = 1) -> str:
        """What names the clock of a row; the `number`-th, where a row has one after the other."""
        return f"{self.kind}:{row.pk}:{number}"
