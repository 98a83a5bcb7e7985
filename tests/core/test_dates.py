"""Working days and timescales, around the days on which they go wrong."""

from datetime import UTC, date, datetime

import pytest

from earlyhelp.core.clock import LONDON
from earlyhelp.core.dates import add_working_days, due, is_working_day


def london(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=LONDON)


@pytest.mark.parametrize(
    ("received", "due_by"),
    [
        (london(2027, 3, 26, 9, 15), london(2027, 3, 29, 10, 15)),  # the clocks go forward on Sunday the 28th
        (london(2027, 10, 29, 9, 15), london(2027, 11, 1, 8, 15)),  # the clocks go back on Sunday the 31st
        (london(2026, 11, 23, 10, 0), london(2026, 11, 26, 10, 0)),
    ],
)
def test_72_hours_are_elapsed_hours_to_the_minute(received, due_by):
    assert due(received, 72, "hours") == due_by.astimezone(UTC)


def test_ten_days_end_with_the_tenth_day_and_stay_on_a_weekend():
    assert due(london(2026, 11, 25, 16, 0), 10, "calendar_days") == london(2026, 12, 5, 23, 59, 59).astimezone(UTC)


def test_ten_days_over_a_clock_change_end_at_midnight_in_england():
    assert due(london(2027, 3, 20, 8, 0), 10, "calendar_days") == london(2027, 3, 30, 23, 59, 59).astimezone(UTC)
    assert due(london(2027, 10, 25, 8, 0), 10, "calendar_days") == london(2027, 11, 4, 23, 59, 59).astimezone(UTC)


def test_six_weeks_end_on_the_same_weekday():
    due_by = due(london(2027, 2, 15, 11, 0), 6, "weeks").astimezone(LONDON)
    assert (due_by.date(), due_by.strftime("%A")) == (date(2027, 3, 29), "Monday")


@pytest.mark.parametrize(
    ("start", "count", "ends"),
    [
        (date(2026, 12, 22), 3, date(2026, 12, 29)),  # Christmas Day a Friday; Boxing Day's substitute on Monday 28th
        (date(2026, 12, 24), 1, date(2026, 12, 29)),
        (date(2026, 12, 30), 3, date(2027, 1, 5)),  # New Year's Day a Friday
        (date(2027, 3, 24), 2, date(2027, 3, 30)),  # Good Friday the 26th, Easter Monday the 29th
        (date(2027, 3, 27), 10, date(2027, 4, 12)),  # the anchor needn't be a working day: it is day 0
    ],
)
def test_working_days_skip_weekends_and_bank_holidays(start, count, ends):
    assert add_working_days(start, count) == ends


def test_the_councils_own_closures_are_no_working_days():
    assert is_working_day(date(2026, 12, 29))
    assert not is_working_day(date(2026, 12, 29), {date(2026, 12, 29)})
    assert add_working_days(date(2026, 12, 24), 1, {date(2026, 12, 29)}) == date(2026, 12, 30)
