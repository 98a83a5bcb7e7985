"""Answers typed into several boxes, a date or a moment: `<name>_day`, `_month`, `_year` and `_time`."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django import forms

from earlyhelp.core.clock import in_london, is_doubled


@dataclass(frozen=True)
class Part:
    """One box."""

    name: str
    label: str
    width: int
    inputmode: str = "numeric"


DAY, MONTH, YEAR = Part("day", "Day", 2), Part("month", "Month", 2), Part("year", "Year", 4)
TIME = Part("time", "Time", 5, inputmode="")


@dataclass(frozen=True)
class PartialDate:
    """A date of which only the year, or the year and the month, may be known."""

    year: int
    month: int | None = None
    day: int | None = None

    def __str__(self) -> str:
        if not self.month:
            return str(self.year)
        return f"{self.day or ''} {date(2000, self.month, 1):%B} {self.year}".strip()

    @property
    def first(self) -> date:
        """The earliest day it can be."""
        return date(self.year, self.month or 1, self.day or 1)


class PartsWidget(forms.MultiWidget):
    """Boxes side by side; the markup is in `govuk/field.html`."""

    parts: tuple[Part, ...] = ()
    use_fieldset = True

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__({part.name: forms.TextInput() for part in self.parts}, attrs)

    def decompress(self, value: Any) -> list[Any]:
        """The boxes' texts for a value; empty ones for None."""
        return ["" if part is None else str(part) for part in self.split(value)] if value else [""] * len(self.parts)

    def split(self, value: Any) -> tuple[Any, ...]:
        raise NotImplementedError


class DateWidget(PartsWidget):
    """Day, month and year of a date or a `PartialDate`."""

    parts = (DAY, MONTH, YEAR)

    def split(self, value: date | PartialDate) -> tuple[Any, ...]:
        return value.day, value.month, value.year


class MomentWidget(PartsWidget):
    """Day, month, year and time of an aware datetime, in England's time."""

    parts = (DAY, MONTH, YEAR, TIME)

    def split(self, value: datetime) -> tuple[Any, ...]:
        local = in_london(value)
        zone = f" {local.tzname()}" if is_doubled(local) else ""
        return local.day, local.month, local.year, f"{local:%H:%M}{zone}"
