"""Why someone sees a family is a code: the rule and Python hold one list. A door is a file and a line."""

import re

import pytest
from django.apps import apps
from django.core.management import call_command
from django.db import connection

from earlyhelp.access import declared, reasons
from earlyhelp.access.declared import Declared
from earlyhelp.access.doors import bars, doors
from earlyhelp.access.identity import acting_as, acting_as_system
from earlyhelp.access.levels import Level
from earlyhelp.access.models import Grant
from earlyhelp.accounts.models import Role
from families.models import Family, Note
from tests.cast import new_family
from tests.sources import ROOT, modules


def test_there_is_a_door_for_each_kind_of_work():
    assert set(doors()) == {
        "door_asked", "door_asks_again", "door_cover", "door_emergency", "door_lawful", "door_locality", "door_locality_help",
        "door_manager", "door_request", "door_running", "door_service", "door_stepdown", "door_support", "door_team",
    }  # fmt: skip
    assert set(bars()) == {"bar_connected", "bar_excluded"}


def test_the_doors_give_exactly_the_reasons_that_python_knows():
    """Every word in quotes is a reason, a role, or a state of a seat; so none is misspelt, and each reason has its door."""
    words = {w for one in declared.declared() if one.name in doors() for w in re.findall(r"'(\w+)'", one.sql)}
    states = {"accepted", "asked", "invited", "waiting"}
    assert words - set(Role.values) - states <= reasons.registry.keys() <= words


def test_no_reason_is_compared_as_a_sentence():
    """Neither a label nor a bare code stands in code: what compares, names the constant."""
    quoted = {
        f'"{text}"' for one in reasons.registry.values() for text in (one.label, one.code) if " " in text or "_" in text
    }
    for file in modules():
        path = str(file.relative_to(ROOT))
        if path.endswith(("reasons.py", "0001_initial.py")):
            continue
        found = {text for text in quoted if f"reason={text}" in file.read_text() or f"{text} in " in file.read_text()}
        assert not found, f"{path} compares {found}"


DOOR = """
CREATE VIEW door_social_worker WITH (security_invoker = true) AS
SELECT m.user_id, f.id AS family_id, 3 AS level, 'stepped_down' AS reason, m.agency_id, m.until,
    '{}'::bigint[] AS withheld, '{}'::bigint[] AS withheld_beyond_basic, false AS though_restricted
FROM families_family f JOIN access_works_for m ON m.role = 'social_worker'
"""


@pytest.mark.django_db(transaction=True)
def test_a_door_of_another_app_is_one_file_and_one_line(cast, tmp_path, monkeypatch, family):
    with acting_as_system("test"):
        cast.dana.memberships.update(role="social_worker")
        restricted = new_family(cast, name="Smith")
        Family.objects.filter(pk=restricted.pk).update(restricted=True)
        assert not Grant.objects.filter(user=cast.dana).exists()
    monkeypatch.setattr(reasons, "registry", dict(reasons.registry))
    reasons.reason("stepped_down", "stepped it down", "Was your social worker")
    folder = tmp_path / "sql" / "doors"
    folder.mkdir(parents=True)
    (folder / "door_social_worker.sql").write_text(DOOR)
    monkeypatch.setattr(apps.get_app_config("plans"), "path", str(tmp_path))
    assert set(declared.differences(connection)) == {"VIEW access_current", "VIEW door_social_worker"}
    call_command("migrate", verbosity=0)
    with acting_as(cast.dana):
        assert list(Family.objects.all()) == [family]
        assert Grant.objects.get(user=cast.dana).level == Level.CONTRIBUTE
        assert not Note.objects.exists()
    assert Declared(DOOR).name == "door_social_worker"
