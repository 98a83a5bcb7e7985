"""Two database roles: the application's, and the one that owns the tables and migrates (design, section 3.6)."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from weakref import WeakSet

from django.apps import apps
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.db.backends.base.base import BaseDatabaseWrapper

from earlyhelp.core.logs import POSTGRES_SETTINGS

TOO_STRONG = """
SELECT rolsuper OR rolbypassrls, EXISTS (
    SELECT 1 FROM pg_database WHERE datname = current_database() AND datdba = r.oid
    UNION ALL SELECT 1 FROM pg_class WHERE relowner = r.oid AND relnamespace = 'public'::regnamespace
) FROM pg_roles r WHERE rolname = current_user
"""


STATEMENTS = 400  # so many that one connection has prepared: all that pages ask, of which psycopg would keep a hundred
seen: WeakSet[Any] = WeakSet()


def look_at(connection: BaseDatabaseWrapper, **kwargs: Any) -> None:
    """Whether a new connection is one to work with; one that threads share is looked at once."""
    if (psycopg := connection.connection) not in seen:
        refuse_strong_roles(connection)
        refuse_a_log_with_words(connection)
        psycopg.prepared_max = STATEMENTS
        seen.add(psycopg)


def refuse_strong_roles(connection: BaseDatabaseWrapper) -> None:
    """Row security doesn't bind a role above it, and an owner can switch it off: the application works with neither."""
    with connection.cursor() as cursor:
        cursor.execute(TOO_STRONG)
        above, owns = cursor.fetchone()
    if above or (owns and not connection.settings_dict.get("AS_OWNER")):
        connection.close()
        raise ImproperlyConfigured(
            "DATABASE_URL names a role that is a superuser, bypasses row security or owns the tables. "
            "Name the application’s own role there, and the owner in DATABASE_OWNER_URL."
        )


def refuse_a_log_with_words(connection: BaseDatabaseWrapper) -> None:
    """PostgreSQL's log would keep what families told: with every statement that fails, the application's values."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT name, setting FROM pg_settings WHERE name = ANY (%s)", [list(POSTGRES_SETTINGS)])
        wrong = [name for name, setting in cursor.fetchall() if setting != POSTGRES_SETTINGS[name]]
    if wrong:
        connection.close()
        wanted = ", ".join(f"{name} = {POSTGRES_SETTINGS[name]}" for name in sorted(wrong))
        raise ImproperlyConfigured(f"PostgreSQL’s log would keep families’ words. Set in its configuration: {wanted}.")


@contextmanager
def as_owner(connection: BaseDatabaseWrapper, *, why: str) -> Iterator[None]:
    """Be the owner in this block, and the system: row security binds the owner too."""
    if not settings.DATABASE_OWNER:
        raise ImproperlyConfigured("Set DATABASE_OWNER_URL: this needs the role that owns the tables.")
    ours = connection.settings_dict
    owner = {name: settings.DATABASE_OWNER[name] for name in ("USER", "PASSWORD", "HOST", "PORT")}
    connection.close()
    connection.settings_dict = {**ours, **owner, "AS_OWNER": True}
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT set_config('earlyhelp.system', %s, false)", [why])
        yield
    finally:
        connection.close()
        connection.settings_dict = ours


def give_to_application(connection: BaseDatabaseWrapper) -> None:
    """The application reads and writes every table, but those whose model says what else it may."""
    application = connection.ops.quote_name(settings.DATABASES["default"]["USER"])
    with connection.cursor() as cursor:
        cursor.execute(f"GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {application}")
        cursor.execute(f"GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO {application}")
        for model in apps.get_models():
            if may := getattr(model, "application_may", None):
                cursor.execute(f"REVOKE ALL ON {model._meta.db_table} FROM {application}")
                cursor.execute(f"GRANT {', '.join(may)} ON {model._meta.db_table} TO {application}")
