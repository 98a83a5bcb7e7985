"""What is put together once in a process may hang on nothing but the values of each call, and the clock."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from itertools import product
from typing import Any

import pytest
from django.db import connection
from django.urls import get_resolver

from earlyhelp.core import prepared
from earlyhelp.core.cache import ForgivingCache
from earlyhelp.core.prepared import Prepared
from earlyhelp.workspace import caseload, oversight


@pytest.mark.django_db
def test_nothing_else_is_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    """Neither the database nor the cache, which know the local procedure and who asks."""
    assert get_resolver().url_patterns  # every page's module is read
    assert len(Prepared.known) > 40

    def asked(*args: object, **kwargs: object) -> None:
        raise AssertionError("This hangs on more than its values.")

    monkeypatch.setattr(ForgivingCache, "get", asked)
    for one in [*Prepared.known, *shapes()]:
        with connection.execute_wrapper(asked):
            rows, _, sql, params = Prepared(one.build, slots=one.slots)._ready
        far = [param for param in params if isinstance(param, date) and param.year > 8000]
        near = [param for param in far if abs(prepared.FAR.date() - _day(param)) < timedelta(days=300)]
        assert sql
        assert far == near, f"{rows.model.__name__}: a moment that isn’t counted in days from now"


def shapes() -> Iterator[Prepared[Any]]:
    """The questions of lists and of home with everything that may be chosen, one by one."""
    ways = [
        {"whose": whose} for whose in ("mine", "managed", "area", "all")
    ] + [{"stage": "agreement"}, {"stage": "any"}, {"due": "late"}, {"due": "week"}]  # fmt: skip
    ways += [{name: True} for name in (*caseload.WHICH, "no_lead", "no_agreement", "no_progress")]
    for way, few in product(ways, (True, False)):
        shape = caseload.Shape(caseload.Filters(**way), few)
        yield caseload._number_of_theirs(shape)
        yield from (
            caseload._number(shape, None if few else 9),
            caseload._first(shape, 9),
            oversight._standing(shape, None if few else 9),
        )
        for sort, side, nothing in product((*caseload.SORTS, "-due"), ("", "after", "before"), (True, False)):
            yield caseload._ids(shape, sort, side, in_nothing=nothing, leads_few=few)


def _day(moment: date) -> date:
    return moment.date() if isinstance(moment, datetime) else moment
