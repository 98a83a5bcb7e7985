"""The sweep finds clocks by an indexed column, a set at a time: it locks them, writes what came about under a unique constraint,
and says when to look at each again. A second step tells people, in sets too. Both may run twice, at once, or after days of
silence, with the same result."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta

import structlog
from celery import shared_task
from django.db import connection

from earlyhelp.access.identity import acting_as_system
from earlyhelp.access.known import may_know
from earlyhelp.accounts.models import User
from earlyhelp.accounts.roles import managers_by_agency, officers_by_locality, service_managers
from earlyhelp.core import clock
from earlyhelp.core.once import for_a_request
from earlyhelp.notifications.registry import Message, Notice, tell_all
from earlyhelp.procedures.services import procedure_in_force
from earlyhelp.timescales import notices
from earlyhelp.timescales.clocks import registry
from earlyhelp.timescales.models import Timescale, TimescaleEvent

log = structlog.get_logger(__name__)
BATCH = 1000  # so many at once: others wait for none of them longer than a moment
RUNS = 50  # then another task has its turn
Kind = TimescaleEvent.Kind


@shared_task
def sweep() -> int:
    """Look at every clock whose moment has come; returns how many events were written."""
    written = 0
    for _ in range(RUNS):
        with acting_as_system("sweep of timescales"):
            due = Timescale.objects.filter(look_at__lte=clock.now(), met_at=None, stopped_at=None)
            found = list(due.order_by("look_at").values_list("pk", flat=True)[:BATCH])
        written += _each(_look, found, _look_later)
        if len(found) < BATCH:
            break
    tell.delay()
    return written


def _each(step: Callable[[Sequence[int]], int], keys: Sequence[int], failed: Callable[[int], None]) -> int:
    """All of them at once; where that goes wrong, one by one: whatever is wrong with one, the others are done."""
    if not keys:
        return 0
    try:
        with for_a_request():
            return step(keys)
    except Exception as error:
        if len(keys) > 1:
            return sum(_each(step, [key], failed) for key in keys)
        log.error("a clock could not be looked at, or nobody be told of it", row=keys[0], kind=type(error).__name__)
        failed(keys[0])
        return 0


def _look_later(pk: int) -> None:
    with acting_as_system("sweep of timescales"):
        Timescale.objects.filter(pk=pk).update(look_at=clock.now() + timedelta(hours=1))


def _look(keys: Sequence[int]) -> int:
    with acting_as_system("sweep of timescales"):
        now = clock.now()
        due = Timescale.objects.filter(pk__in=keys, look_at__lte=now, met_at=None, stopped_at=None)
        rows = due.select_for_update(skip_locked=True, of=("self",)).select_related("owner").order_by("look_at")
        clocks = list(rows)
        hearers = Hearers(clocks)
        told: dict[tuple[int, datetime], dict[str, datetime]] = {}
        events = TimescaleEvent.objects.filter(timescale__in=clocks).order_by()
        for pk, due_at, kind, at in events.values_list("timescale", "due_at", "kind", "at"):
            told.setdefault((pk, due_at), {})[kind] = at
        next_look, found = [], []
        for one in clocks:
            steps = list(_still_to_tell(one, told.get((one.pk, one.due_at), {}), now, hearers))
            next_look.append(min((at for _, at in steps if at > now), default=None))
            found += [(one.pk, kind.value, one.due_at) for kind, at in steps if at <= now]
        with connection.cursor() as cursor:
            cursor.execute(
                "UPDATE timescales_timescale t SET look_at = n.at FROM unnest(%s::bigint[], %s::timestamptz[]) AS n (id, at)"
                " WHERE t.id = n.id",
                [[one.pk for one in clocks], next_look],
            )
            if not found:
                return 0
            cursor.execute(
                "INSERT INTO timescales_timescaleevent (timescale_id, kind, due_at, at)"
                " SELECT e.*, %s::timestamptz FROM unnest(%s::bigint[], %s::text[], %s::timestamptz[]) e"
                " ON CONFLICT DO NOTHING",
                [now, *(list(column) for column in zip(*found, strict=True))],
            )
            return int(cursor.rowcount)


def _still_to_tell(
    timescale: Timescale, told: Mapping[str, datetime], now: datetime, hearers: "Hearers"
) -> Iterator[tuple[Kind, datetime]]:
    """Who is still to hear, and when: after days of silence too there is time between one and the next."""
    last, climb = None, _climb()
    for kind, at in _steps(timescale, hearers):
        if kind == Kind.DUE_SOON:
            if kind not in told and now <= timescale.due_at:
                yield kind, at
            continue
        if kind in told:
            last = told[kind]
            continue
        at = max(at, last + climb) if last else at
        yield kind, at
        last = max(at, now)


def _steps(timescale: Timescale, hearers: "Hearers") -> list[tuple[Kind, datetime]]:
    """Who hears, by the local procedure: one after the other from the due date, without those whom nobody is."""
    climb = _climb()
    hears = [Kind(kind) for kind in registry[timescale.kind].rule.hears]
    soon = [(kind, timescale.remind_at) for kind in hears if kind == Kind.DUE_SOON]
    late = [kind for kind in hears if kind == Kind.OVERDUE or (kind != Kind.DUE_SOON and hearers.of(timescale, kind))]
    return soon + [(kind, timescale.due_at + climb * i) for i, kind in enumerate(late)]


def _climb() -> timedelta:
    """The time between one who hears and the next."""
    return timedelta(hours=procedure_in_force().telling.hours_between)


class Hearers:
    """Who hears of some clocks: those who hold a role now, and may know of the family."""

    def __init__(self, clocks: Sequence[Timescale]) -> None:
        self.officers = officers_by_locality(one.locality_id for one in clocks)
        self.managers = managers_by_agency(one.owner_agency_id for one in clocks if one.owner_agency_id)
        self.service = list(service_managers())
        self.know = may_know(
            (one.family_id, user.pk)
            for one in clocks
            if one.family_id
            for kind in Kind
            for user in self._held(one, kind)
        )

    def of(self, timescale: Timescale, kind: Kind) -> list[User]:
        """Who hears of a kind of event of one of the clocks."""
        apart = {timescale.not_by_id, None if kind in (Kind.DUE_SOON, Kind.OVERDUE) else timescale.owner_id}
        people = [user for user in self._held(timescale, kind) if user.is_active and user.pk not in apart]
        return [user for user in people if not timescale.family_id or (timescale.family_id, user.pk) in self.know]

    def _held(self, timescale: Timescale, kind: Kind) -> Iterable[User]:
        if kind in (Kind.DUE_SOON, Kind.OVERDUE):
            return [timescale.owner] if timescale.owner else self.officers.get(timescale.locality_id, [])
        if kind == Kind.MANAGER and timescale.owner_agency_id:
            return self.managers.get(timescale.owner_agency_id, [])
        if kind == Kind.LOCALITY and timescale.owner:
            return self.officers.get(timescale.locality_id, [])
        return self.service if kind == Kind.SERVICE else []


NOTICES: dict[Kind, type[Notice]] = {
    Kind.DUE_SOON: notices.DueSoon,
    Kind.OVERDUE: notices.Overdue,
    Kind.MANAGER: notices.OverdueForManager,
    Kind.LOCALITY: notices.OverdueForLocality,
    Kind.SERVICE: notices.OverdueForService,
}


@shared_task
def tell() -> int:
    """Turn events that nobody was told of into notifications; returns of how many clocks that run somebody was told."""
    told = 0
    for _ in range(RUNS):
        with acting_as_system("tell of timescales"):
            waiting = TimescaleEvent.objects.filter(delivered_at=None).order_by("pk")
            found = list(waiting.values_list("pk", flat=True)[:BATCH])
        told += _each(_tell, found, lambda pk: None)
        if len(found) < BATCH:
            break
    return told


def _tell(keys: Sequence[int]) -> int:
    with acting_as_system("tell of timescales"):
        rows = TimescaleEvent.objects.filter(pk__in=keys, delivered_at=None).order_by("pk")
        events = list(
            rows.select_for_update(skip_locked=True, of=("self",)).select_related("timescale", "timescale__owner")
        )
        TimescaleEvent.objects.filter(pk__in=[event.pk for event in events]).update(delivered_at=clock.now())
        run = [event for event in events if event.timescale.is_open]
        hearers = Hearers([event.timescale for event in run])
        tell_all(
            Message(NOTICES[Kind(event.kind)], user, event.timescale, f"{event.timescale_id}:{event.due_at:%Y%m%d%H%M}")
            for event in run
            for user in hearers.of(event.timescale, Kind(event.kind))
        )
        return len(run)
