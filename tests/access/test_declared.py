"""What the database holds is what the code declares: a new file and a new trigger are noticed, and made; a changed one
is made anew with all that stands on it, and so is the older text."""

import pytest
from django.core.management import call_command
from django.db import connection

from earlyhelp.access import declared
from earlyhelp.access.declared import Declared
from earlyhelp.access.owner import as_owner

NEW_VIEW = Declared("-- Who works.\nCREATE VIEW access_people AS SELECT id FROM accounts_user")
NEW_TRIGGER = Declared(
    "CREATE TRIGGER added BEFORE INSERT ON families_note FOR EACH ROW"
    " EXECUTE FUNCTION suppress_redundant_updates_trigger()"
)

pytestmark = pytest.mark.django_db(transaction=True)


def held(name: str) -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_get_viewdef(%s::regclass)", [name])
        return str(cursor.fetchone()[0])


def test_the_database_holds_what_is_declared():
    assert declared.differences(connection) == []
    assert len(declared.declared()) > 200


@pytest.mark.parametrize(
    ("one", "name"), [(NEW_VIEW, "VIEW access_people"), (NEW_TRIGGER, "TRIGGER added ON families_note")]
)
def test_what_is_new_is_noticed_made_and_taken_back(one, name, monkeypatch):
    monkeypatch.setattr(declared, "sources", [*declared.sources, lambda: [one]])
    assert declared.differences(connection) == [name]
    with pytest.raises(SystemExit, match=name):
        call_command("migrate", check_unapplied=True, verbosity=0)
    call_command("migrate", verbosity=0)
    assert declared.differences(connection) == []
    monkeypatch.undo()
    assert declared.differences(connection) == [name]
    call_command("migrate", verbosity=0)
    assert declared.differences(connection) == []


def test_a_new_file_is_noticed(tmp_path, monkeypatch):
    files = list(declared.sql_files())
    file = tmp_path / "access_people.sql"
    file.write_text(NEW_VIEW.sql)
    monkeypatch.setattr(declared, "sql_files", lambda: [*files, file])
    assert declared.differences(connection) == ["VIEW access_people"]


def test_a_changed_text_takes_all_that_stands_on_it_along_and_so_does_the_older_one(tmp_path, monkeypatch):
    files = list(declared.sql_files())
    (below,) = [file for file in files if file.name == "access_works_for.sql"]
    older = held("access_works_for")
    changed = tmp_path / below.name
    changed.write_text(below.read_text().replace("u.is_active", "u.is_active AND u.name <> ''"))
    monkeypatch.setattr(declared, "sql_files", lambda: [changed if file == below else file for file in files])
    with as_owner(connection, why="test"):
        made = declared.install(connection)
    assert {"VIEW access_works_for", "VIEW access_current", "FUNCTION access_given_to"} <= set(made)
    assert "name" in held("access_works_for")
    monkeypatch.undo()
    call_command("migrate", verbosity=0)
    assert held("access_works_for") == older
    assert declared.differences(connection) == []


def test_what_a_dropped_column_takes_along_is_found_missing():
    with as_owner(connection, why="test"), connection.cursor() as cursor:
        cursor.execute("DROP VIEW access_works_for CASCADE")
    assert "VIEW access_current" in declared.differences(connection)
    call_command("migrate", verbosity=0)
    assert declared.differences(connection) == []


def test_what_is_declared_twice_is_refused(monkeypatch):
    monkeypatch.setattr(declared, "sources", [*declared.sources, lambda: [NEW_VIEW, Declared(NEW_VIEW.sql + ";")]])
    with pytest.raises(AssertionError, match="declared twice"):
        declared.declared()
