"""Every test database is a copy of a template: migrated once, kept by what it was made of, made again when that changes."""

from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import sha256
from importlib import import_module
from pathlib import Path

import psycopg
from django.conf import settings
from django.core.management import call_command
from django.db import connection, connections
from django.db.migrations.loader import MigrationLoader
from psycopg import sql

from earlyhelp.access.declared import declared

LOADED = ("consent.first_wording", "earlyhelp.accounts.models.procedure")  # what migrations put into tables
PREFIX = "earlyhelp_template_"


def template() -> str:
    """The name of the migrated database to copy, which this makes when there is none yet."""
    name = PREFIX + _made_of()
    with owner() as server:
        server.execute("SELECT pg_advisory_lock(hashtext('template'))")
        known = [
            row[0] for row in server.execute("SELECT datname FROM pg_database WHERE datname LIKE %s", [PREFIX + "%"])
        ]
        if name not in known:
            for old in known:
                server.execute(_named("DROP DATABASE {} WITH (FORCE)", old))
            server.execute(_named("CREATE DATABASE {}", f"{name}_new"))
            with connected_to(f"{name}_new"):
                call_command("migrate", verbosity=0)
            server.execute(_named("ALTER DATABASE {} RENAME TO {}", f"{name}_new", name))
    return name


def copy(source: str, target: str) -> None:
    """Make the database `target` anew, as `source` is."""
    with owner() as server:
        server.execute(_named("DROP DATABASE IF EXISTS {} WITH (FORCE)", target))
        server.execute(_named("CREATE DATABASE {} TEMPLATE {}", target, source))


def drop(name: str) -> None:
    connections.close_all()
    with owner() as server:
        server.execute(_named("DROP DATABASE IF EXISTS {} WITH (FORCE)", name))


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


def _made_of() -> str:
    parts = [one.digest.encode() for one in sorted(declared(), key=lambda one: one.name)]
    modules = [migration.__module__ for migration in MigrationLoader(None).disk_migrations.values()]
    for module in sorted([*modules, *LOADED]):
        parts.append(Path(import_module(module).__file__ or "").read_bytes())
    return sha256(b"".join(parts)).hexdigest()[:16]
