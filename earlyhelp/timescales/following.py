"""Running clocks follow the local procedure: what is said before a new one is loaded is what then happens."""

from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import date, datetime
from typing import NamedTuple

from django.db.models import QuerySet

from earlyhelp.access.holding import hold_all
from earlyhelp.access.identity import acting_as_system
from earlyhelp.core import clock
from earlyhelp.core.dates import due
from earlyhelp.procedures.models import Version
from earlyhelp.procedures.services import Next
from earlyhelp.timescales.clocks import Clock, registry
from earlyhelp.timescales.models import Timescale
from earlyhelp.timescales.services import closures_for

AT_ONCE = 1000


class Moved(NamedTuple):
    timescale: Timescale
    first_due_at: datetime
    due_at: datetime


def _running(kind: Clock) -> QuerySet[Timescale]:
    return Timescale.objects.filter(kind=kind.kind, met_at=None)


def _timed_otherwise(change: Next) -> Iterator[Clock]:
    for kind in registry.values():
        before, after = change.before.clocks.of(kind.kind), change.after.clocks.of(kind.kind)
        if (before.amount, before.unit) != (after.amount, after.unit):
            yield kind


def _told_otherwise(change: Next) -> list[str]:
    """The kinds of which others hear, or at another time."""
    if change.before.telling != change.after.telling:
        return list(registry)
    return [k for k in registry if change.before.clocks.of(k).hears != change.after.clocks.of(k).hears]


def _read(rows: QuerySet[Timescale], *, lock: bool) -> Iterable[Timescale]:
    """In one order; whoever goes on to write them holds their families and locks them, so that nobody gives more time
    meanwhile."""
    rows = rows.order_by("pk")
    if lock:
        hold_all(rows.order_by().filter(family__isnull=False).values_list("family_id", flat=True).distinct())
    return rows.select_for_update() if lock else rows.iterator(chunk_size=AT_ONCE)


def _moved(kind: Clock, change: Next, *, lock: bool = False) -> Iterator[Moved]:
    """Those that run or rest, counted anew from what started them; time that a manager gave isn't taken back."""
    rule = change.after.clocks.of(kind.kind)
    closures = closures_for(rule)
    for timescale in _read(_running(kind), lock=lock):
        first = due(timescale.anchor_at, rule.amount, rule.unit, closures)
        yield Moved(timescale, first, max(first, timescale.due_at) if timescale.extended else first)


def what_follows(change: Next) -> Iterator[str]:
    now = clock.now()
    with acting_as_system("which deadlines another procedure moves"):
        for kind in _timed_otherwise(change):
            rule = change.after.clocks.of(kind.kind)
            if kind.keeps_its_date:
                kept = _running(kind).count()
                yield f"{kind.label}: {rule.words}, for new ones. {_deadlines(kept)} the date that was said."
                continue
            moved = late = extended = 0
            for timescale, _, due_at in _moved(kind, change):
                moved += due_at != timescale.due_at
                late += timescale.is_open and due_at <= now < timescale.due_at
                extended += timescale.extended and due_at == timescale.due_at
            words = f"{kind.label}: {rule.words}. {moved} open deadline{'s' * (moved != 1)} will have another date"
            words += f", {late} of them late at once" if late else ""
            yield words + (f". {extended} keep the date that a manager gave." if extended else ".")


def _deadlines(count: int) -> str:
    return f"{count} open deadline{'s' * (count != 1)} keep{'s' * (count == 1)}"


def follow(change: Next, version: Version) -> None:
    with acting_as_system("deadlines follow the local procedure"):
        for kind in _timed_otherwise(change):
            if not kind.keeps_its_date:
                _move(kind, change, version)
        waiting = Timescale.objects.filter(kind__in=_told_otherwise(change), met_at=None, stopped_at=None)
        waiting.update(look_at=clock.now())


def _closures_move(closures: frozenset[date], *, lock: bool = False) -> Iterator[Moved]:
    """What runs or rests and counts working days, counted anew with other days closed."""
    stay = [kind.kind for kind in registry.values() if kind.keeps_its_date]
    rows = Timescale.objects.filter(unit="working_days", met_at=None).exclude(kind__in=stay)
    for timescale in _read(rows, lock=lock):
        first = due(timescale.anchor_at, timescale.amount, "working_days", closures)
        if first != timescale.first_due_at:
            yield Moved(timescale, first, max(first, timescale.due_at) if timescale.extended else first)


def what_closures_move(closures: frozenset[date]) -> Iterator[str]:
    """Which deadlines have another date when these days are closed, in words."""
    with acting_as_system("which deadlines another procedure moves"):
        counts = Counter(registry[moved.timescale.kind].label for moved in _closures_move(closures))
    for label, count in sorted(counts.items()):
        yield f"{label}: {count} open deadline{'s' * (count != 1)} will have another date."


def follow_closures(closures: frozenset[date]) -> None:
    """Deadlines that count working days follow the calendar."""
    with acting_as_system("deadlines follow the local procedure"):
        _write(list(_closures_move(closures, lock=True)))


def _move(kind: Clock, change: Next, version: Version) -> None:
    rule, rows = change.after.clocks.of(kind.kind), list(_moved(kind, change, lock=True))
    for timescale, _, _ in rows:
        timescale.amount, timescale.unit, timescale.procedure = rule.amount, rule.unit, version
    _write(rows, "amount", "unit", "procedure")


def _write(rows: list[Moved], *besides: str) -> None:
    for timescale, first, due_at in rows:
        timescale.first_due_at, timescale.due_at = first, due_at
        timescale.look_at = clock.now() if timescale.is_open else None
    fields = [*besides, "first_due_at", "due_at", "look_at"]
    Timescale.objects.bulk_update([row.timescale for row in rows], fields, batch_size=AT_ONCE)
