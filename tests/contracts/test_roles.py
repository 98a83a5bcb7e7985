"""The application's role owns nothing, can switch nothing off, and only adds to the read log and the history."""

import pytest
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.db import DatabaseError, connection, transaction

from earlyhelp.access.identity import acting_as_system
from earlyhelp.access.models import Change, ReadLog
from earlyhelp.access.owner import as_owner

FORBIDDEN = [
    "ALTER TABLE families_family NO FORCE ROW LEVEL SECURITY",
    "ALTER TABLE families_family DISABLE ROW LEVEL SECURITY",
    "DROP POLICY may_select ON families_family",
    "DROP TRIGGER keep_history ON families_family",
    "ALTER TABLE families_family DISABLE TRIGGER ALL",
    "TRUNCATE access_history",
    "TRUNCATE families_searchkey",
    "CREATE OR REPLACE FUNCTION access_system() RETURNS boolean LANGUAGE sql RETURN true",
    "CREATE TABLE mine (id bigint)",
    "UPDATE access_history SET after = NULL",
    "DELETE FROM access_history",
    "UPDATE access_read_log SET refused = false",
    "DELETE FROM access_read_log",
    "SET session_replication_role = replica",
]


@pytest.mark.parametrize("statement", FORBIDDEN)
def test_the_application_cannot(db, statement):
    with acting_as_system("test"), connection.cursor() as cursor:
        cursor.execute("SELECT rolsuper OR rolbypassrls OR rolcreaterole FROM pg_roles WHERE rolname = current_user")
        assert cursor.fetchone() == (False,)
        with pytest.raises(DatabaseError, match=r"must be owner|permission denied"), transaction.atomic():
            cursor.execute(statement)


@pytest.mark.parametrize("model", [Change, ReadLog])
def test_what_is_only_added_to_stays(cast, model, family):
    with acting_as_system("test"):
        for change in (lambda: model.objects.update(row_id=1), lambda: model.objects.all().delete()):
            with pytest.raises(DatabaseError, match="permission denied"), transaction.atomic():
                change()


def test_nobody_writes_history_by_hand(cast, family):
    with acting_as_system("test"):
        change = Change.objects.first()
        assert change
    change.pk = None
    with acting_as_system("test"), pytest.raises(DatabaseError, match="permission denied"), transaction.atomic():
        change.save(force_insert=True)


def test_the_application_refuses_to_start_as_the_owner(db, monkeypatch):
    owner = settings.DATABASE_OWNER
    other = connection.copy()
    other.settings_dict = {**connection.settings_dict, "USER": owner["USER"], "PASSWORD": owner["PASSWORD"]}
    with pytest.raises(ImproperlyConfigured, match="DATABASE_OWNER_URL"):
        other.ensure_connection()


def test_what_needs_the_owner_says_so_where_there_is_none(db, settings):
    settings.DATABASE_OWNER = None
    with pytest.raises(ImproperlyConfigured, match="Set DATABASE_OWNER_URL"), as_owner(connection, why="test"):
        pass
