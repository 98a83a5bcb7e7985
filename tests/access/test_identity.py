"""Who is asking is set for one transaction, nests, and is nobody by default."""

import os
import subprocess
import sys

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.db import IntegrityError, connection

from earlyhelp.access import identity
from earlyhelp.access.identity import acting_as, acting_as_system
from earlyhelp.access.owner import refuse_a_log_with_words, refuse_strong_roles
from earlyhelp.celery import app
from earlyhelp.core.logs import POSTGRES_SETTINGS
from families.models import Family
from tests.cast import new_family


def test_identities_nest_and_restore(cast):
    family = new_family(cast)
    with acting_as(cast.alice):
        assert Family.objects.exists()
        with acting_as(cast.dana):
            assert not Family.objects.exists()
            with acting_as_system("test"):
                assert Family.objects.exists()
            assert not Family.objects.exists()
        assert Family.objects.get() == family
    assert not Family.objects.exists()


def test_after_an_error_the_one_before_asks_again(cast):
    new_family(cast)
    with acting_as(cast.alice):
        with pytest.raises(IntegrityError), acting_as_system("test"):
            Family.objects.create(name="x", locality_id=None)
        assert Family.objects.exists()
        with acting_as(cast.dana):
            assert not Family.objects.exists()


def test_a_job_starts_as_nobody_whoever_queued_it(cast):
    new_family(cast)

    @app.task(name="tests.look")
    def look():
        return identity.current(), Family.objects.count()

    with acting_as(cast.alice):
        assert look() == (identity.NOBODY, 0)
        assert Family.objects.count() == 1


def test_it_refuses_a_database_role_above_row_security(db):
    class Cursor:
        def __enter__(self):
            return self

        def __exit__(self, *args):
            return None

        def execute(self, sql):
            assert "rolbypassrls" in sql

        def fetchone(self):
            return (True, False)

    class Connection:
        closed = False

        def cursor(self):
            return Cursor()

        def close(self):
            self.closed = True

    connection = Connection()
    with pytest.raises(ImproperlyConfigured, match="application’s own role"):
        refuse_strong_roles(connection)
    assert connection.closed


def test_demo_and_production_do_not_go_together():
    env = os.environ | {"DEMO": "1", "PRODUCTION": "1", "DJANGO_SETTINGS_MODULE": "earlyhelp.settings"}
    run = subprocess.run(
        [sys.executable, "-c", "import django; django.setup()"], env=env, capture_output=True, text=True, check=False
    )
    assert run.returncode != 0
    assert "DEMO and PRODUCTION" in run.stderr


@pytest.mark.django_db
def test_a_database_that_would_log_families_words_is_refused(monkeypatch):
    monkeypatch.setitem(POSTGRES_SETTINGS, "log_error_verbosity", "quieter than it can be")
    with pytest.raises(ImproperlyConfigured, match="Set in its configuration: log_error_verbosity = quieter"):
        refuse_a_log_with_words(connection)
