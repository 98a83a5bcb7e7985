from typing import Any

from django.apps import AppConfig
from django.core.checks import register
from django.core.exceptions import ImproperlyConfigured
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.signals import connection_created


class AccessConfig(AppConfig):
    name = "earlyhelp.access"
    verbose_name = "Access"

    def ready(self) -> None:
        from earlyhelp.access.checks import family_tables_have_policies

        register(family_tables_have_policies)
        connection_created.connect(refuse_powerful_roles)


def refuse_powerful_roles(connection: BaseDatabaseWrapper, **kwargs: Any) -> None:
    """A role above row security would see every family: the application doesn't work with one."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT rolsuper OR rolbypassrls FROM pg_roles WHERE rolname = current_user")
        (powerful,) = cursor.fetchone()
    if powerful:
        connection.close()
        raise ImproperlyConfigured(
            "The database role is a superuser or bypasses row security. Use an ordinary role that owns the database."
        )
