"""Working days in England, and the arithmetic of timescales (design, section 4)."""

from collections.abc import Collection
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from typing import Literal, get_args

import holidays

from earlyhelp.core.clock import LONDON

Unit = Literal["hours", "calendar_days", "working_days", "weeks"]
UNITS: tuple[str, ...] = get_args(Unit)
END_OF_DAY = time(23, 59, 59)


@cache
def bank_holidays(year: int) -> frozenset[date]:
    """England's bank holidays of a year, substitute days included."""
    return frozenset(holidays.country_holidays("GB", subdiv="ENG", years=year, observed=True))


def is_working_day(day: date, closures: Collection[date] = ()) -> bool:
    """Monday to Friday, less bank holidays and the council's own closures."""
    return day.weekday() < 5 and day not in bank_holidays(day.year) and day not in closures


def add_working_days(day: date, count: int, closures: Collection[date] = ()) -> date:
    """The `count`-th working day after `day`, which is day 0 itself, working day or not."""
    while count > 0:
        day += timedelta(days=1)
        count -= is_working_day(day, closures)
    return day


def due(anchor: datetime, amount: int, unit: Unit, closures: Collection[date] = ()) -> datetime:
    """When a timescale that starts at `anchor` (aware) runs out, in UTC.

    Hours are elapsed hours, to the minute, across clock changes. Days and weeks count from the anchor's London date as
    day 0 and end with the due day; calendar days and weeks stay where they fall (PS-2, ROT-12, MED-05).
    """
    if unit == "hours":
        return anchor.astimezone(UTC) + timedelta(hours=amount)
    start = anchor.astimezone(LONDON).date()
    if unit == "working_days":
        day = add_working_days(start, amount, closures)
    else:
        day = start + timedelta(days=amount * (7 if unit == "weeks" else 1))
    return end_of(day)


def end_of(day: date) -> datetime:
    """The last second of a London day, in UTC."""
    return datetime.combine(day, END_OF_DAY, tzinfo=LONDON).astimezone(UTC)


def length_words(length: timedelta) -> str:
    """A length of time in its largest whole unit: "3 days", "1 hour", "less than an hour"."""
    hours = int(length.total_seconds() // 3600)
    count, unit = (hours // 24, "day") if hours >= 24 else (hours, "hour")
    return f"{count} {unit}{'s' * (count != 1)}" if count else "less than an hour"
