"""What is done besides pages: clocks looked at and people told, a second, and the memory that takes; an agency that may not know
any more; ten people at once. All of it is rolled back."""

import resource
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

from django.db import connection, transaction
from django.db.models import Count

from consent.models import SharingChoice
from consent.services.ledger import withdraw_from
from earlyhelp.access.identity import acting_as_system
from earlyhelp.accounts.models import Agency, User, WorksFor
from earlyhelp.core import clock
from earlyhelp.timescales import tasks
from earlyhelp.timescales.models import Timescale, TimescaleEvent
from families.models import Episode, Family, Person, TeamMember

CLOCKS = 20_000
AGENCIES, PEOPLE = 8, 6
SECONDS = 10


@contextmanager
def undone() -> Iterator[None]:
    with acting_as_system("bench"):
        yield
        transaction.set_rollback(True)


def clocks() -> list[dict[str, Any]]:
    """Clocks that have passed, looked at and told of: how many a second, and by how much memory grew (MB)."""
    with undone():
        rows = Timescale.objects.filter(met_at=None, stopped_at=None, family__isnull=False)
        chosen = list(rows.order_by("pk").values_list("pk", flat=True)[:CLOCKS])
        TimescaleEvent.objects.all().update(delivered_at=clock.now())
        TimescaleEvent.objects.filter(timescale__in=chosen).delete()
        Timescale.objects.exclude(pk__in=chosen).update(look_at=None)
        passed = clock.now() - timedelta(minutes=5)
        Timescale.objects.filter(pk__in=chosen).update(due_at=passed, first_due_at=passed, look_at=passed)
        tasks.tell.delay = lambda: None
        return [_a_second("sweep", tasks.sweep), _a_second("telling", tasks.tell)]


def _a_second(what: str, run: Callable[[], int]) -> dict[str, Any]:
    before, began = _memory(), time.perf_counter()
    done = run()
    took = time.perf_counter() - began
    return {"what": what, "done": done, "a second": round(done / took), "memory": round(_memory() - before, 1)}


def _memory() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def withdrawing() -> list[float]:
    """How long it takes, in ms, until nobody of one of eight agencies sees a family of six any more, on a connection of the web's."""
    with undone(), connection.cursor() as web:
        web.execute("SET LOCAL plan_cache_mode = force_generic_plan")
        many = Person.objects.order_by().values("family").annotate(n=Count("pk")).order_by("-n", "-family")
        families = (Family.objects.get(pk=pk) for pk in many.values_list("family", flat=True)[:500])
        family = next(one for one in families if len(_shares(one)) > 1)
        agencies = _with_agencies(family)
        decided_by = Person.objects.get(pk=_shares(family)[0].decided_by_id)
        times = []
        for agency in agencies:
            began = time.perf_counter()
            with transaction.atomic():
                withdraw_from(family=family, agency=agency, decided_by=decided_by, actor=_someone())
                with connection.cursor() as cursor:
                    cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            times.append((time.perf_counter() - began) * 1000)
        return times


def _shares(family: Family) -> list[SharingChoice]:
    """The choices of whoever decided most, for the agency that knows most."""
    rows = SharingChoice.objects.filter(family=family, tier__gt=0, ends_at=None, never=False)
    most = (
        rows.order_by().values("agency", "decided_by").annotate(n=Count("person", distinct=True)).order_by("-n").first()
    )
    if most is None or not Episode.objects.filter(family=family, ended_at=None).exists():
        return []
    return list(rows.filter(agency=most["agency"], decided_by=most["decided_by"]))


def _with_agencies(family: Family) -> list[Agency]:
    """Eight more agencies that know as much, each with someone on the team."""
    known, episode = _shares(family), Episode.objects.get(family=family, ended_at=None)
    of_child = next(row for row in known if row.person_id != row.decided_by_id)
    while len(known) < PEOPLE:
        child = Person.objects.create(family=family, kind="child", first_name="Ada", created_by=_someone())
        known.append(SharingChoice(**{**_values(of_child), "person_id": child.pk}))
    others = Agency.objects.exclude(pk__in=SharingChoice.objects.filter(family=family).values("agency"))
    agencies = list(others.filter(works_here__may_join=True).distinct()[:AGENCIES])
    for agency in agencies:
        for row in known:
            row.pk, row.agency = None, agency
            row.save(force_insert=True)
        who = WorksFor.objects.filter(agency=agency, may_join=True).first()
        assert who
        TeamMember.objects.create(
            family=family, episode=episode, user_id=who.user_id, agency=agency, role="contributor", status="accepted",
            invited_by=_someone(), invited_at=clock.now(), answered_at=clock.now(),
        )  # fmt: skip
    return agencies


def _values(row: SharingChoice) -> dict[str, Any]:
    return {field.attname: getattr(row, field.attname) for field in row._meta.concrete_fields if not field.primary_key}


def _someone() -> User:
    return User.objects.order_by("pk")[0]


def at_once(visitors: Iterable[Callable[[], object]]) -> float:
    """Pages a second, while each of some visitors opens one after the other."""
    done, until = [], time.perf_counter() + SECONDS

    def visit(opens: Callable[[], object]) -> None:
        while time.perf_counter() < until:
            opens()
            done.append(1)

    threads = [threading.Thread(target=visit, args=[one]) for one in visitors]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return len(done) / SECONDS
