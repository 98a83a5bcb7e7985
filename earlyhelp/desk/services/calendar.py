"""Days on which the council is closed besides bank holidays: deadlines that count working days follow."""

from collections.abc import Iterator
from datetime import date

from django.db import transaction

from earlyhelp.accounts.models import Closure, User
from earlyhelp.core import clock
from earlyhelp.core.dates import is_working_day
from earlyhelp.core.errors import Problem, refuse
from earlyhelp.desk.services import changes
from earlyhelp.procedures.services import one_at_a_time
from earlyhelp.timescales import following


def closed() -> frozenset[date]:
    return frozenset(Closure.objects.values_list("day", flat=True))


def closure_problems(day: date) -> Iterator[Problem]:
    if day < clock.today():
        yield Problem("The day must be today or in the future: what was counted by it stays", "day")
    elif Closure.objects.filter(day=day).exists():
        yield Problem("This day is on the list already", "day")
    elif not is_working_day(day):
        yield Problem("Nobody works on this day anyway: it is at a weekend, or a bank holiday", "day")


@transaction.atomic
def add_closure(*, day: date, name: str, actor: User) -> Closure:
    """Close a day; deadlines that run are counted anew."""
    one_at_a_time()
    refuse(closure_problems(day))
    closure = Closure.objects.create(day=day, name=name)
    following.follow_closures(closed())
    changes.record(closure, f"Closed {day:%-d %B %Y}: {name}", actor=actor)
    return closure


@transaction.atomic
def remove_closure(*, closure: Closure, actor: User) -> None:
    """The day counts again."""
    one_at_a_time()
    changes.record(closure, f"{closure.day:%-d %B %Y} is open again: {closure.name}", actor=actor)
    closure.delete()
    following.follow_closures(closed())
