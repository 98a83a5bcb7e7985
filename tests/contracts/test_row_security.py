"""Every table with a family's data is guarded by the database itself, and what the rule reads is watched."""

import re

import pytest
from django.apps import apps
from django.db import connection

from earlyhelp.access.checks import family_tables_have_policies
from earlyhelp.access.declared import declared
from earlyhelp.access.identity import acting_as, acting_as_system
from earlyhelp.access.models import FamilyRecord
from earlyhelp.access.rowsecurity import RowSecurity, policies_of
from families.models import Family

OWN_POLICIES = {
    "access.Change",
    "access.EndedAccess",
    "access.Grant",
    "access.GrantPeriod",
    "access.ReadLog",
    "consent.AgencyPermission",
    "drafts.Draft",
    "drafts.Submission",
    "families.RecordCheck",
    "families.Request",
    "families.RequestPerson",
    "families.RequestWords",
    "notifications.Notification",
    "stepdown.StepDown",
    "timescales.Timescale",
    "timescales.TimescaleEvent",
    "workspace.CaseloadDetail",
    "workspace.CaseloadEntry",
    "workspace.SavedFilter",
}
GUARDED = [m for m in apps.get_models(include_auto_created=True) if policies_of(m)]


def catalogue(sql: str, *args: object) -> list[tuple]:
    with connection.cursor() as cursor:
        cursor.execute(sql, args)
        return cursor.fetchall()


def test_no_family_table_lacks_row_security():
    assert family_tables_have_policies(None) == []


def test_tables_with_policies_of_their_own_are_these_and_no_others():
    own = {m._meta.label for m in GUARDED if not isinstance(policies_of(m), RowSecurity)}
    assert own == OWN_POLICIES


@pytest.mark.parametrize("model", GUARDED, ids=lambda m: m._meta.label)
def test_row_security_is_on_and_forced_with_a_policy_for_each_command(db, model):
    table = model._meta.db_table
    on = catalogue("SELECT relrowsecurity, relforcerowsecurity FROM pg_class WHERE relname = %s", table)
    assert on == [(True, True)]
    commands = {row[0] for row in catalogue("SELECT cmd FROM pg_policies WHERE tablename = %s", table)}
    assert commands == {"SELECT", "INSERT", "UPDATE", "DELETE"}


def test_every_family_record_keeps_its_history(db):
    kept = {row[0] for row in catalogue("SELECT tgrelid::regclass::text FROM pg_trigger WHERE tgname = 'keep_history'")}
    records = {m._meta.db_table for m in apps.get_models() if issubclass(m, FamilyRecord) or m is Family}
    assert records - kept == {"families_searchkey"}  # follows from the people, who keep theirs


# What is kept in step: the views that say how it should be, the functions they ask, and the functions that write it
KEPT = {
    "grants": (lambda view: not view.startswith("caseload_"), ("access_said", "access_said_no", "access_refused"), "(access|consent)"),
    "families' lines in lists": (
        lambda view: view.startswith("caseload_") or view in ("access_runs", "access_works_for"),
        ("access_said",),
        "caseload",
    ),
}  # fmt: skip


@pytest.mark.parametrize("kept", KEPT)
def test_every_column_that_is_read_for_what_is_kept_is_watched(db, kept):
    its, functions, prefix = KEPT[kept]
    every = {one.name for one in declared() if one.kind == "VIEW"}
    views = {view for view in every if its(view)}
    read = [
        (table, column)
        for view, table, column in catalogue(
            "SELECT view_name, table_name, column_name FROM information_schema.view_column_usage"
        )
        if view in views and table not in every
    ]
    in_functions = catalogue(
        "SELECT DISTINCT t.relname, a.attname FROM pg_depend d JOIN pg_proc f ON f.oid = d.objid AND d.classid = 'pg_proc'::regclass"
        " JOIN pg_class t ON t.oid = d.refobjid AND d.refclassid = 'pg_class'::regclass"
        " JOIN pg_attribute a ON a.attrelid = t.oid AND a.attnum = d.refobjsubid"
        " WHERE f.proname = ANY (%s)",
        list(functions),
    )
    assert "consent_agreement" in {table for table, _ in in_functions}
    read += in_functions
    triggers = catalogue(
        "SELECT tgrelid::regclass::text, tgargs FROM pg_trigger WHERE tgname ~ %s", f"^{prefix}_.*_after_update$"
    )
    watched = {table: set(re.findall(r"\w+", bytes(arguments).decode())) for table, arguments in triggers}
    never_changes = {
        ("auth_permission", "codename"),
        ("auth_permission", "id"),
        ("consent_agreement", "family_id"),
        ("consent_sharingchoice", "family_id"),
        ("families_connecteduser", "family_id"),
        ("families_episode", "created_at"),
        ("families_person", "created_at"),
        ("families_person", "family_id"),
        ("families_request", "id"),
        ("families_request", "who_asks"),
        ("plans_plan", "episode_id"),
        ("plans_plan", "id"),
        ("plans_review", "family_id"),
        ("plans_review", "id"),
        ("plans_review", "plan_id"),
        ("timescales_timescale", "id"),
        ("workspace_caseloadentry", "family_id"),
    }
    missing = {(t, c) for t, c in read if c not in watched.get(t, set()) and (t, c) not in never_changes}
    assert missing == set()


# Dana made the request that opened the family: it is hers to see, and so is the message with its outcome.
HERS = {"families.Request", "families.RequestPerson", "families.RequestWords", "notifications.Notification"}


@pytest.mark.parametrize("who", ["dana", "superuser", "admin", "auditor", None])
def test_an_unfiltered_query_of_any_family_table_is_empty_for_a_stranger(cast, who, family):
    with acting_as_system("test"):
        filled = {m._meta.label for m in GUARDED if m._default_manager.exists()}
    assert {"families.Family", "families.Person", "access.Change", "consent.SharingChoice"} <= filled
    with acting_as(getattr(cast, who) if who else None):
        seen = {m._meta.label for m in GUARDED if list(m._default_manager.all())}
    assert seen == (HERS if who == "dana" else set())
