"""No word of a family's is in any log, whatever part it is of and whatever goes wrong."""

import psycopg
import pytest

from tests.processes.conftest import Installation, Person, wait_until

SENTINEL = "quillfeather"
BADLY = [
    ("SELECT %s::integer", [SENTINEL]),
    (f"SELECT '{SENTINEL}'::integer", []),
    ("INSERT INTO accounts_locality (name) VALUES (%s)", [SENTINEL * 100]),
    ("INSERT INTO accounts_locality (id, name) VALUES (1, %s)", [SENTINEL]),
    ("INSERT INTO families_note (text, family_id) VALUES (%s, 1)", [SENTINEL]),
    ("INSERT INTO families_family (name, reference, locality_id) VALUES (%s, '1', 999999)", [SENTINEL]),
    ("DO $$ BEGIN RAISE WARNING %s; END $$".replace("%s", f"'{SENTINEL}'"), []),
]


def test_a_note_that_the_database_refuses_is_in_no_log(installation: Installation) -> None:
    for name in ("web", "worker", "beat"):
        installation.starts(name)
    charlie = Person(installation, "charlie@cast.example")
    note = {
        "kind": "call", "with_whom": SENTINEL, "about": installation.family["ada"], "text": f"{SENTINEL} came.",
        **installation.today, "at_time": "0:00",
    }  # fmt: skip
    address = f"{installation.family['url']}notes/write/"
    refused = charlie.sends(address, **note)
    assert "doesn’t share that much with your agency" in refused.text
    assert f"{SENTINEL} came." in refused.text
    accepted = charlie.sends(address, **note | {"about": installation.family["grace"]})
    assert accepted.ok
    assert SENTINEL in charlie.opens(installation.family["url"] + "notes/").text
    installation.python("-m", "celery", "-A", "earlyhelp", "call", "earlyhelp.notifications.tasks.deliver")
    wait_until(lambda: "e-mail not sent" in installation.said()["worker.log"])
    for statement, values in BADLY:
        with psycopg.connect(installation.env["DATABASE_URL"]) as database:
            database.execute("SELECT set_config('earlyhelp.system', 'test', true)")
            if "RAISE" in statement:
                database.execute(statement)
            else:
                with pytest.raises(psycopg.Error):
                    database.execute(statement, values)
    installation.stops("web", "worker", "beat")
    said = installation.said()
    assert set(said) == {"postgres.log", "valkey.log", "web.log", "worker.log", "beat.log"}
    assert all(said.values())
    assert [log for log, text in said.items() if SENTINEL in text] == []
