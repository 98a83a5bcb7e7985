"""Questions that pages ask again and again, put together once in each process.

What Django does to make a statement of a query set takes longer than PostgreSQL takes to answer it.
"""

import re
from collections.abc import Callable
from copy import copy
from datetime import UTC, date, datetime, timedelta
from functools import cached_property
from inspect import signature
from typing import Any, ClassVar, Generic, TypeVar
from weakref import WeakSet

from django.db import connections
from django.db.models import BooleanField, Expression, Func, Model, QuerySet
from django.db.models.sql.compiler import SQLCompiler
from psycopg.sql import Literal
from psycopg.types.numeric import Int8

from earlyhelp.core import clock

Row = TypeVar("Row")
FAR = datetime(8999, 1, 1, 12, tzinfo=UTC)  # what the clock says while a statement is put together; no row is of then
NEAR_IT = timedelta(days=400)


class Slot(Expression):
    """Where a value goes that each call gives."""

    def __init__(self, number: int) -> None:
        super().__init__()
        self.number = number

    def as_sql(self, compiler: SQLCompiler, connection: Any) -> tuple[str, tuple[Any, ...]]:
        return "%s", (self,)

    def _resolve_output_field(self) -> None:
        """Of whatever type the column is."""


class Among(Func):
    """`filter(Among("pk", slot))`: a column is one of a list, however long."""

    arg_joiner = " = ANY("
    template = "%(expressions)s)"
    output_field = BooleanField()


class Prepared(Generic[Row]):
    """`build` makes a query set of values; calling it asks the database for the rows with these values, and with what the
    clock says then. It is built once: nothing else may vary from one call to the next, not who asks, nor the local procedure
    (tests/contracts/test_prepared.py). A value may be a model's instance: its key is taken."""

    known: ClassVar["WeakSet[Prepared[Any]]"] = WeakSet()

    def __init__(self, build: Callable[..., QuerySet[Any, Row]], *, slots: int | None = None) -> None:
        self.build = build
        self.slots = len(signature(build).parameters) if slots is None else slots
        self.known.add(self)

    def __call__(self, *values: Any) -> list[Row]:
        rows, compiler, sql, params = self._ready
        now = clock.now()
        filled = tuple(_filled(param, values, now) for param in params)
        compiler = copy(compiler)
        compiler.connection = connections[rows.db]
        compiler.as_sql = lambda: (sql, filled)
        asked: Any = QuerySet(rows.model, _Ready(rows.query, compiler), rows.db)  # type: ignore[arg-type]
        asked._fields = rows._fields  # type: ignore[attr-defined]
        given: list[Row] = list(rows._iterable_class(asked))  # type: ignore[call-overload]
        return given

    def first(self, *values: Any) -> Row | None:
        """The first row, or None; how many are asked for, `build` says."""
        return next(iter(self(*values)), None)

    @cached_property
    def _ready(self) -> tuple[QuerySet[Any, Row], Any, str, tuple[Any, ...]]:
        with clock.frozen_at(FAR):
            rows = self.build(*map(Slot, range(self.slots)))
            compiler = rows.query.get_compiler(using=rows.db)
            sql, params = compiler.as_sql()
        places = iter(params)
        sql = re.sub("%%|%s", lambda found: found[0] if found[0] == "%%" else _said(next(places)), sql)
        return rows, compiler, sql, tuple(param for param in params if _varies(param))


def _said(param: Any) -> str:
    return "%s" if _varies(param) else Literal(param).as_string().replace("%", "%%")


def _varies(param: Any) -> bool:
    """Whether a parameter is another one in another call; where it never is, the statement says it, so that a partial index may
    be used, and a plan kept."""
    return not isinstance(param, str | bool | int | None)


def _filled(param: Any, values: tuple[Any, ...], now: datetime) -> Any:
    if isinstance(param, Slot):
        return _as_one_type(values[param.number])
    if isinstance(param, datetime) and abs(param - FAR) < NEAR_IT:
        return now + (param - FAR)
    if isinstance(param, date) and not isinstance(param, datetime) and abs(param - FAR.date()) < NEAR_IT:
        return clock.in_london(now).date() + (param - FAR.date())
    return param


def _as_one_type(value: Any) -> Any:
    """A number of whatever size is sent as of one type: else each size would be a statement of its own."""
    if isinstance(value, Model):
        value = value.pk
    if isinstance(value, list):
        return [_as_one_type(one) for one in value]
    return Int8(value) if type(value) is int else value


class _Ready:
    """A query whose statement is there already."""

    def __init__(self, query: Any, compiler: Any) -> None:
        self._query = query
        self._compiler = compiler

    def get_compiler(self, using: str) -> Any:
        return self._compiler

    def __getattr__(self, name: str) -> Any:
        return getattr(self._query, name)
