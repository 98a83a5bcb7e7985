"""Whether what runs by itself runs: said to the administrator, and to a machine without names."""

from datetime import timedelta

import pytest
from django.conf import settings
from django.test import Client

from earlyhelp.accounts.models import PasswordMail
from earlyhelp.core import clock
from earlyhelp.core.models import TaskRun
from earlyhelp.timescales.tasks import sweep
from earlyhelp.workspace.health import TASKS
from tests.pages import text_of

SWEEP = "earlyhelp.timescales.tasks.sweep"


@pytest.fixture
def all_ran(db):
    for name in TASKS:
        TaskRun.record(name)


def test_everything_that_runs_by_itself_has_its_line():
    assert {entry["task"] for entry in settings.CELERY_BEAT_SCHEDULE.values()} == set(TASKS)


def test_all_is_well(cast, sign_in, all_ran):
    page = text_of(sign_in(cast.admin).get("/settings/health/"))
    assert "Look at this" not in page
    assert "The queue Well" in page
    answer = Client().get("/healthz")
    assert answer.status_code == 200
    assert answer.json()[SWEEP] is True
    assert "Something needs looking at" not in text_of(sign_in(cast.admin).get("/"))


def test_what_stands_still_is_said_on_the_page_on_the_home_page_and_to_the_machine(cast, sign_in, all_ran):
    TaskRun.objects.filter(name=SWEEP).update(at=clock.true_now() - timedelta(hours=2))
    TaskRun.objects.filter(name="families.tasks.check_files").delete()
    assert "Files are checked for viruses Well Runs for the first time soon" in text_of(
        sign_in(cast.admin).get("/settings/health/")
    )
    TaskRun.objects.update(since=clock.true_now() - timedelta(days=1))
    admin = sign_in(cast.admin)
    page = text_of(admin.get("/settings/health/"))
    assert "Deadlines are looked at Look at this Not running since" in page
    assert "Files are checked for viruses Look at this Has never run" in page
    assert "Something needs looking at : Deadlines are looked at; Files are checked" in text_of(admin.get("/"))
    answer = Client().get("/healthz")
    assert answer.status_code == 503
    assert answer.json()[SWEEP] is False
    sweep()
    assert Client().get("/healthz").json()[SWEEP] is True


def test_before_the_worker_is_started_nothing_runs(cast, sign_in):
    page = text_of(sign_in(cast.admin).get("/settings/health/"))
    assert page.count("Has never run. Start the worker and the beat.") == len(TASKS)


def test_mail_and_the_queue_are_looked_at_and_nobody_is_named(cast, sign_in, all_ran, settings):
    PasswordMail.objects.create(user=cast.bob, asked_at=clock.true_now() - timedelta(hours=1))
    settings.REDIS_URL = "redis://127.0.0.1:1/0"
    page = text_of(sign_in(cast.admin).get("/settings/health/"))
    assert "E-mail Look at this 1 couldn’t be sent yet See whose" in page
    assert "The queue Look at this Can’t be reached. Nothing is lost" in page
    said = Client().get("/healthz").content.decode()
    assert "Bob" not in said
    assert "@" not in said


def test_nobody_else_sees_it(cast, sign_in):
    assert sign_in(cast.service).get("/settings/health/").status_code == 403
    assert "Something needs looking at" not in text_of(sign_in(cast.service).get("/"))
