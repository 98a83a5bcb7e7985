"""Functions, views, triggers and policies are declared: always the current text, made anew by `migrate` where it differs.

A file `sql/NAME.sql` of an app holds one function, view or trigger. What follows from the models (policies, triggers)
comes from a source. What the database holds says in its comment which text made it; so whatever a changed text, or a
dropped column, takes along is found missing and made again, in the order in which one names the other. An older code's
`migrate` makes the older text: there is no other way back.
"""

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from graphlib import TopologicalSorter
from hashlib import sha256
from pathlib import Path

from django.apps import apps
from django.db import transaction
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.utils import CursorWrapper

OBJECT = re.compile(r"^CREATE (VIEW|FUNCTION|TRIGGER|POLICY) (\w+)(?:(?:(?!;)[\s\S])*? ON (\w+))?", re.MULTILINE)
COMMENT = re.compile(r"--[^\n]*")
PRESENT = """
SELECT o.kind, o.name, substr(d.description, 10) FROM pg_description d JOIN (
    SELECT 'pg_class'::regclass AS catalogue, oid, 'VIEW' AS kind, relname::text AS name FROM pg_class WHERE relkind = 'v'
    UNION ALL SELECT 'pg_proc'::regclass, oid, 'FUNCTION', proname FROM pg_proc
    UNION ALL SELECT 'pg_trigger'::regclass, oid, 'TRIGGER', tgname || ' ON ' || tgrelid::regclass FROM pg_trigger
    UNION ALL SELECT 'pg_policy'::regclass, oid, 'POLICY', polname || ' ON ' || polrelid::regclass FROM pg_policy
) o ON o.catalogue = d.classoid AND o.oid = d.objoid AND d.objsubid = 0
WHERE d.description LIKE 'declared %'
"""


@dataclass(frozen=True)
class Declared:
    """One object of the database, and the SQL that makes it. Its first CREATE says what it is."""

    sql: str

    @cached_property
    def kind(self) -> str:
        return self._created[1]

    @cached_property
    def name(self) -> str:
        """As SQL names it after its kind: a trigger and a policy with their table."""
        kind, name, table = self._created.groups()
        return f"{name} ON {table}" if kind in ("TRIGGER", "POLICY") else name

    @cached_property
    def digest(self) -> str:
        return sha256(self.sql.encode()).hexdigest()[:20]

    @cached_property
    def words(self) -> set[str]:
        return set(re.findall(r"\w+", COMMENT.sub("", self.sql)))

    @property
    def create(self) -> str:
        return f"{self.sql.strip().rstrip(';')}; COMMENT ON {self.kind} {self.name} IS 'declared {self.digest}'"

    @cached_property
    def _created(self) -> re.Match[str]:
        found = OBJECT.search(self.sql)
        assert found, f"This creates no view, function, trigger or policy: {self.sql[:80]}"
        return found


Source = Callable[[], Iterable[Declared]]
sources: list[Source] = []


def declared() -> list[Declared]:
    """All of them, each after those that it names."""
    found = [Declared(file.read_text()) for file in sql_files()]
    found += [one for source in sources for one in source()]
    nameable = {one.name: one for one in found if one.kind in ("VIEW", "FUNCTION")}
    graph = {one: {nameable[word] for word in one.words & nameable.keys()} - {one} for one in found}
    assert len(graph) == len({(one.kind, one.name) for one in found}), "Something is declared twice"
    return list(TopologicalSorter(graph).static_order())


def sql_files() -> Iterator[Path]:
    for app in apps.get_app_configs():
        yield from sorted(Path(app.path).glob("sql/**/*.sql"))


def differences(connection: BaseDatabaseWrapper) -> list[str]:
    """What the database holds otherwise than the code declares it, by kind and name."""
    wanted = {(one.kind, one.name): one.digest for one in declared()}
    with connection.cursor() as cursor:
        held = _held(cursor)
    return sorted(" ".join(key) for key in wanted.keys() | held.keys() if wanted.get(key) != held.get(key))


def install(connection: BaseDatabaseWrapper) -> list[str]:
    """Make the database hold what the code declares, in one transaction; answers with what was made or dropped."""
    everything = declared()
    wanted = {(one.kind, one.name): one.digest for one in everything}
    with transaction.atomic(using=connection.alias), connection.cursor() as cursor:
        before = _held(cursor)
        for (kind, name), digest in before.items():
            if wanted.get((kind, name)) != digest:
                cursor.execute(f"DROP {kind} IF EXISTS {name} CASCADE")
        held = _held(cursor)
        missing = [one for one in everything if (one.kind, one.name) not in held]
        if missing:
            cursor.execute("; ".join(one.create for one in missing))
    changed = [(one.kind, one.name) for one in missing] + [key for key in before if key not in wanted]
    return [" ".join(key) for key in changed]


def _held(cursor: CursorWrapper) -> dict[tuple[str, str], str]:
    cursor.execute(PRESENT)
    return {(kind, name): digest for kind, name, digest in cursor.fetchall()}
