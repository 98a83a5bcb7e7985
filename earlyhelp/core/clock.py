"""The time that the record keeps.

`now()` here and `access_now()` in the database read the same clock. In the demo and in tests it can be moved, to see a
deadline come and pass; sessions, one-time codes, rate limits and the read log keep true time and don't use this module.
"""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from contextvars import ContextVar
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.apps import apps
from django.conf import settings
from django.core.cache import cache
from django.db import ProgrammingError, models, transaction
from django.utils import timezone

from earlyhelp.core.once import forget, once

LONDON = ZoneInfo("Europe/London")
WEEK = timedelta(weeks=1)
CACHE_KEY = "clock-offset"
_frozen: ContextVar[datetime | None] = ContextVar("frozen_clock", default=None)


def now() -> datetime:
    """This moment, aware, in UTC."""
    return moved_to() or datetime.now(UTC)


def true_now() -> datetime:
    """This moment by true time, however the record's clock is moved."""
    return datetime.now(UTC)


def today() -> date:
    """The date in England now."""
    return now().astimezone(LONDON).date()


def moved_to() -> datetime | None:
    """The moved clock's moment, or None while the clock keeps true time."""
    if frozen := _frozen.get():
        return frozen
    if settings.MOVABLE_CLOCK and (seconds := once(CACHE_KEY, _ahead)):
        return datetime.now(UTC) + timedelta(seconds=seconds)
    return None


def _ahead() -> float:
    """How far the demo's clock runs ahead: from the database, asked once as long as the cache knows."""
    seconds: float | None = cache.get(CACHE_KEY)
    if seconds is None:
        seconds = 0.0
        with suppress(ProgrammingError), transaction.atomic():  # while the first migration runs, there is no table
            seconds = _offsets().values_list("seconds", flat=True).first() or 0.0
            cache.set(CACHE_KEY, seconds, timeout=None)
    return seconds


def _offsets() -> models.QuerySet[Any]:
    found: models.QuerySet[Any] = apps.get_model("core", "ClockOffset")._default_manager.all()
    return found


def move(by: timedelta | None) -> None:
    """Set how far the demo's clock runs ahead of true time, in every process; None puts it right."""
    if not settings.MOVABLE_CLOCK:
        raise RuntimeError("Only the demo's clock can be moved.")
    seconds = by.total_seconds() if by else 0.0
    _offsets().update_or_create(pk=1, defaults={"seconds": seconds})
    cache.set(CACHE_KEY, seconds, timeout=None)
    forget(CACHE_KEY)


@contextmanager
def frozen_at(moment: datetime) -> Iterator[datetime]:
    """Stop the clock at `moment` (aware) in this context: for tests and for filling the demo's past."""
    token = _frozen.set(moment.astimezone(UTC))
    try:
        yield moment
    finally:
        _frozen.reset(token)


def in_london(moment: datetime) -> datetime:
    return timezone.localtime(moment, LONDON)


def is_doubled(local: datetime) -> bool:
    """Whether a time in England comes twice on its day, because the clocks go back."""
    return local.replace(fold=0).utcoffset() != local.replace(fold=1).utcoffset() and exists(local)


def exists(local: datetime) -> bool:
    """Whether there is such a time in England: not where the clocks go forward past it."""
    wall = local.replace(tzinfo=LONDON, fold=0)
    return wall.astimezone(UTC).astimezone(LONDON).replace(tzinfo=None) == wall.replace(tzinfo=None)
