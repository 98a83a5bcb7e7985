"""Every test database is a copy of a template: migrated once, kept by what it was made of, made again when that changes.

There are two: `empty`, and `led`, which holds the cast and a family that Alice leads, as the services wrote them.
"""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from hashlib import sha256
from importlib import import_module
from pathlib import Path

import psycopg
from django.apps import apps
from django.conf import settings
from django.core.management import call_command
from django.db import connection, connections, transaction
from django.db.migrations.loader import MigrationLoader
from django.test import override_settings
from psycopg import sql

from earlyhelp.access.declared import declared
from earlyhelp.access.identity import acting_as_system
from earlyhelp.core import clock
from tests.cast import HASHERS, MONDAY, led_family, make_cast
from tests.sources import PACKAGES, ROOT

LOADED = ("consent.first_wording",)  # what migrations put into tables
PREFIX = "earlyhelp_template_"
UUID = r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}"


class Databases:
    """One worker's own: a copy of each template that its tests ask for, made anew after a test that commits."""

    def __init__(self, worker: str) -> None:
        self.worker = worker
        self.whole: set[str] = set()
        self.used: set[str] = set()

    def use(self, kind: str) -> None:
        """Connect to the database of this kind; nothing happens within a transaction that outlives a test."""
        if connection.in_atomic_block:
            return
        name = f"test_earlyhelp_{self.worker}_{kind}"
        if name not in self.whole:
            connection.close()
            copy(template(kind), name)
            self.whole.add(name)
            self.used.add(name)
        if connection.settings_dict["NAME"] != name:
            connection.close()
            connection.settings_dict["NAME"] = name

    def spoil(self) -> None:
        """What is connected now was written to for good."""
        self.whole.discard(connection.settings_dict["NAME"])

    def drop(self) -> None:
        connections.close_all()
        with owner() as server:
            for name in self.used:
                server.execute(_named("DROP DATABASE IF EXISTS {} WITH (FORCE)", name))


@cache
def template(kind: str = "empty") -> str:
    """The name of the database to copy, which this makes when there is none yet."""
    name = f"{PREFIX}{kind}_{_made_of(kind)}"
    with owner() as server:
        server.execute("SELECT pg_advisory_lock(hashtext(%s))", [kind])
        like = [f"{PREFIX}{kind}%"]
        known = [row[0] for row in server.execute("SELECT datname FROM pg_database WHERE datname LIKE %s", like)]
        if name not in known:
            for old in known:
                server.execute(_named("DROP DATABASE {} WITH (FORCE)", old))
            MAKE[kind](f"{name}_new")
            server.execute(_named("ALTER DATABASE {} RENAME TO {}", f"{name}_new", name))
    return name


def _make_empty(name: str) -> None:
    with owner() as server:
        server.execute(_named("CREATE DATABASE {}", name))
    with connected_to(name):
        call_command("migrate", verbosity=0)


def _make_led(name: str) -> None:
    copy(template("empty"), name)
    with connected_to(name), override_settings(PASSWORD_HASHERS=HASHERS), clock.frozen_at(MONDAY), transaction.atomic():
        led_family(make_cast())
        connection.run_on_commit.clear()  # nothing is sent


MAKE = {"empty": _make_empty, "led": _make_led}


def copy(source: str, target: str) -> None:
    """Make the database `target` anew, as `source` is."""
    with owner() as server:
        server.execute(_named("DROP DATABASE IF EXISTS {} WITH (FORCE)", target))
        server.execute(_named("CREATE DATABASE {} TEMPLATE {}", target, source))


@contextmanager
def owner() -> Iterator[psycopg.Connection]:
    """The owner, connected to the server beside all test databases."""
    role = settings.DATABASE_OWNER
    where = {"host": role["HOST"], "port": role["PORT"], "user": role["USER"], "password": role["PASSWORD"]}
    with psycopg.connect(**where, dbname=role["NAME"], autocommit=True) as server:
        yield server


@contextmanager
def connected_to(name: str) -> Iterator[None]:
    before = connection.settings_dict["NAME"]
    connection.close()
    connection.settings_dict["NAME"] = name
    try:
        yield
    finally:
        connection.close()
        connection.settings_dict["NAME"] = before


def _named(statement: str, *names: str) -> sql.Composed:
    return sql.SQL(statement).format(*map(sql.Identifier, names))


def _made_of(kind: str) -> str:
    parts = [one.digest.encode() for one in sorted(declared(), key=lambda one: one.name)]
    modules = [migration.__module__ for migration in MigrationLoader(None).disk_migrations.values()]
    for module in sorted([*modules, *LOADED]):
        parts.append(Path(import_module(module).__file__ or "").read_bytes())
    if kind == "led":
        written_by = [path for package in PACKAGES for path in (ROOT / package).rglob("*.py")]
        read = [ROOT / "tests/cast.py", ROOT / "earlyhelp/procedures/default.toml"]
        parts += [path.read_bytes() for path in [*sorted(written_by), *read]]
    return sha256(b"".join(parts)).hexdigest()[:16]


def every_row() -> dict[str, list[str]]:
    """What all tables hold, without what is drawn at random or tells the true time."""
    rows = {}
    with acting_as_system("test"):
        for model in apps.get_models():
            if model._meta.managed:
                columns = [f.attname for f in model._meta.concrete_fields if f.name not in ("password", "date_joined")]
                read = model._base_manager.values_list(*columns)
                rows[model._meta.db_table] = sorted(re.sub(UUID, "…", str(row)) for row in read)
    return rows
