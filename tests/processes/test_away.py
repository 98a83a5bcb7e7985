"""The web process is killed while someone types; the worker is away for six days: nothing is lost, nothing told twice."""

import re
import signal
from collections import Counter
from html import unescape

import psycopg
import requests

from tests.processes.conftest import Installation, Person, wait_until

WORDS = "Grace rang about the mornings."


def asked(installation: Installation, statement: str) -> list[tuple]:
    with psycopg.connect(installation.env["DATABASE_URL"]) as database:
        database.execute("SELECT set_config('earlyhelp.system', 'test', true)")
        return database.execute(statement).fetchall()


def test_what_was_typed_before_the_web_process_was_killed_is_offered_again(installation: Installation) -> None:
    installation.starts("web")
    charlie = Person(installation, "charlie@cast.example")
    path = f"{installation.family['url']}notes/write/"
    page = charlie.opens(path).text
    draft = re.search(r'data-draft-url="([^"]+)"', page)
    names = ("csrfmiddlewaretoken", "form_token")
    found = {name: re.search(rf'name="{name}" value="([^"]+)"', page) for name in names}
    assert draft
    typed = {name: match[1] for name, match in found.items() if match}
    headers = {"Referer": installation.address}
    saved = charlie.session.post(
        installation.address + unescape(draft[1]), data=typed | {"text": WORDS}, headers=headers, timeout=60
    )
    assert saved.ok
    installation.running["web"].send_signal(signal.SIGKILL)
    installation.stops("web")
    installation.starts("web")
    assert WORDS in charlie.opens(path).text
    installation.stops("web")


def test_after_six_days_without_a_worker_each_is_told_once_and_one_step_at_a_time(installation: Installation) -> None:
    installation.starts("web")
    for _ in range(2):
        page = requests.get(f"{installation.address}/demo/", timeout=60)
        token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page.text)
        assert token
        requests.post(
            f"{installation.address}/demo/clock/", data={"by": "3", "csrfmiddlewaretoken": token[1]},
            cookies=page.cookies, headers={"Referer": installation.address}, timeout=60,
        )  # fmt: skip
    assert asked(installation, "SELECT round(seconds / 86400) FROM core_clockoffset") == [(6.0,)]
    installation.starts("worker")
    told = "SELECT user_id, kind, about FROM notifications_notification WHERE kind LIKE 'timescales.%'"
    sweep = ("-m", "celery", "-A", "earlyhelp", "call", "earlyhelp.timescales.tasks.sweep")
    installation.python(*sweep)
    wait_until(lambda: asked(installation, told))
    before = asked(installation, told)
    for _ in range(2):
        installation.python(*sweep)
    wait_until(lambda: installation.said()["worker.log"].count("tasks.sweep[") >= 3)
    assert asked(installation, told) == before
    assert set(Counter(before).values()) == {1}
    assert {kind for _, kind, _ in before} == {"timescales.overdue"}  # the manager is next, a day later
    installation.stops("worker", "web")
