"""The sweep finds clocks by an indexed column, claims each by compare-and-set and writes an event under a unique
constraint; a second step tells people. Both may run twice, at once, or after days of silence, with the same result."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime, timedelta

import structlog
from celery import shared_task

from earlyhelp.access.identity import acting_as_system
from earlyhelp.access.known import who_may_know
from earlyhelp.accounts.models import User
from earlyhelp.accounts.roles import locality_officers, managers_of, service_managers
from earlyhelp.core import clock
from earlyhelp.notifications.registry import Notice
from earlyhelp.procedures.services import procedure_in_force
from earlyhelp.timescales import notices
from earlyhelp.timescales.clocks import registry
from earlyhelp.timescales.models import Timescale, TimescaleEvent

log = structlog.get_logger(__name__)
BATCH = 500
Kind = TimescaleEvent.Kind


@shared_task
def sweep() -> int:
    """Look at every clock whose moment has come; returns how many events were written."""
    with acting_as_system("sweep of timescales"):
        due = Timescale.objects.filter(look_at__lte=clock.now()).order_by("look_at").values_list("pk", "look_at")
        found = list(due[:BATCH])
    written = 0
    for pk, look_at in found:
        try:
            written += _look(pk, look_at)
        except Exception as error:  # whatever is wrong with one, the others are looked at
            log.error("a timescale could not be looked at", timescale=pk, kind=type(error).__name__)
            with acting_as_system("sweep of timescales"):
                Timescale.objects.filter(pk=pk).update(look_at=clock.now() + timedelta(hours=1))
    tell.delay()
    return written


def _look(pk: int, look_at: datetime | None) -> int:
    with acting_as_system("sweep of timescales"):
        timescale = Timescale.objects.select_related("owner", "owner_agency", "locality").get(pk=pk)
        now = clock.now()
        told = dict(timescale.events.filter(due_at=timescale.due_at).values_list("kind", "at"))
        steps = list(_still_to_tell(timescale, told, now))
        later = [at for _, at in steps if at > now]
        claimed = Timescale.objects.filter(pk=pk, look_at=look_at, met_at=None, stopped_at=None).update(
            look_at=min(later) if later else None
        )
        if not claimed:
            return 0
        events = [
            TimescaleEvent(timescale=timescale, kind=kind, due_at=timescale.due_at, at=now)
            for kind, at in steps
            if at <= now
        ]
        before = timescale.events.count()
        TimescaleEvent.objects.bulk_create(events, ignore_conflicts=True)
        return timescale.events.count() - before


def _still_to_tell(
    timescale: Timescale, told: Mapping[str, datetime], now: datetime
) -> Iterator[tuple[Kind, datetime]]:
    """Who is still to hear, and when: after days of silence too there is time between one and the next."""
    last, climb = None, _climb()
    for kind, at in _steps(timescale):
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


def _steps(timescale: Timescale) -> list[tuple[Kind, datetime]]:
    """Who hears, by the local procedure: one after the other from the due date, without those whom nobody is."""
    climb = _climb()
    hears = [Kind(kind) for kind in registry[timescale.kind].rule.hears]
    soon = [(kind, timescale.remind_at) for kind in hears if kind == Kind.DUE_SOON]
    late = [kind for kind in hears if kind == Kind.OVERDUE or (kind != Kind.DUE_SOON and _people(timescale, kind))]
    return soon + [(kind, timescale.due_at + climb * i) for i, kind in enumerate(late)]


def _climb() -> timedelta:
    """The time between one who hears and the next."""
    return timedelta(hours=procedure_in_force().telling.hours_between)


def _people(timescale: Timescale, kind: Kind) -> list[User]:
    people: Iterable[User] = []
    if kind in (Kind.DUE_SOON, Kind.OVERDUE):
        people = [timescale.owner] if timescale.owner else locality_officers(timescale.locality)
    elif kind == Kind.MANAGER and timescale.owner_agency:
        people = managers_of(timescale.owner_agency)
    elif kind == Kind.LOCALITY and timescale.owner:
        people = locality_officers(timescale.locality)
    elif kind == Kind.SERVICE:
        people = service_managers()
    apart = {timescale.not_by_id, None if kind in (Kind.DUE_SOON, Kind.OVERDUE) else timescale.owner_id}
    found = [person for person in people if person.is_active and person.pk not in apart]
    return who_may_know(timescale.family_id, found)


NOTICES: dict[Kind, type[Notice]] = {
    Kind.DUE_SOON: notices.DueSoon,
    Kind.OVERDUE: notices.Overdue,
    Kind.MANAGER: notices.OverdueForManager,
    Kind.LOCALITY: notices.OverdueForLocality,
    Kind.SERVICE: notices.OverdueForService,
}


@shared_task
def tell() -> int:
    """Turn events that nobody was told of into notifications."""
    with acting_as_system("tell of timescales"):
        waiting = list(TimescaleEvent.objects.filter(delivered_at=None).values_list("pk", flat=True)[:BATCH])
    told = 0
    for pk in waiting:
        try:
            told += _tell_one(pk)
        except Exception as error:  # as above
            log.error("an event could not be told", event_id=pk, kind=type(error).__name__)
    return told


def _tell_one(pk: int) -> int:
    with acting_as_system("tell of timescales"):
        if not TimescaleEvent.objects.filter(pk=pk, delivered_at=None).update(delivered_at=clock.now()):
            return 0
        event = TimescaleEvent.objects.select_related(
            "timescale__owner", "timescale__owner_agency", "timescale__locality"
        ).get(pk=pk)
        timescale = event.timescale
        if not timescale.is_open:
            return 0
        kind = Kind(event.kind)
        NOTICES[kind].tell(_people(timescale, kind), about=timescale, key=f"{timescale.pk}:{event.due_at:%Y%m%d%H%M}")
        return 1
