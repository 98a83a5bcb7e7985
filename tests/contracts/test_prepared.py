"""What is put together once in a process may hang on nothing but the values of each call, and the clock."""

from datetime import date, datetime, timedelta

import pytest
from django.db import connection
from django.urls import get_resolver

from earlyhelp.core import prepared
from earlyhelp.core.cache import ForgivingCache
from earlyhelp.core.prepared import Prepared


@pytest.mark.django_db
def test_nothing_else_is_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    """Neither the database nor the cache, which know the local procedure and who asks."""
    assert get_resolver().url_patterns  # every page's module is read
    assert len(Prepared.known) > 40

    def asked(*args: object, **kwargs: object) -> None:
        raise AssertionError("This hangs on more than its values.")

    monkeypatch.setattr(ForgivingCache, "get", asked)
    for one in Prepared.known:
        with connection.execute_wrapper(asked):
            rows, _, sql, params = Prepared(one.build)._ready
        Prepared.known.pop()
        far = [param for param in params if isinstance(param, date) and param.year > 8000]
        near = [param for param in far if abs(prepared.FAR.date() - _day(param)) < timedelta(days=300)]
        assert sql
        assert far == near, f"{rows.model.__name__}: a moment that isn’t counted in days from now"


def _day(moment: date) -> date:
    return moment.date() if isinstance(moment, datetime) else moment
