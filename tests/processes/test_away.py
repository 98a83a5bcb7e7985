"""The web process is killed while someone types, there is no room left, the worker or the mail server is away for days:
nothing is lost, nothing told twice."""

import re
import signal
import socketserver
import threading
from collections import Counter
from html import unescape
from typing import ClassVar

import psycopg
import pytest
import requests

from earlyhelp.demo.run import PROCESSES
from earlyhelp.demo.servers import free_port
from tests.processes.conftest import Installation, Person, wait_until

WORDS = "Grace rang about the mornings."


def asked(installation: Installation, statement: str) -> list[tuple]:
    with psycopg.connect(installation.env["DATABASE_URL"]) as database:
        database.execute("SELECT set_config('earlyhelp.system', 'test', true)")
        return database.execute(statement).fetchall()


@pytest.fixture(autouse=True)
def monday(installation: Installation) -> None:
    installation.begins_on_monday()


def moves_on(installation: Installation) -> None:
    """Three days pass for the record."""
    installation.starts("web")
    page = requests.get(f"{installation.address}/demo/", timeout=60)
    token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page.text)
    assert token
    requests.post(
        f"{installation.address}/demo/clock/", data={"by": "3", "csrfmiddlewaretoken": token[1]},
        cookies=page.cookies, headers={"Referer": installation.address}, timeout=60,
    )  # fmt: skip
    installation.stops("web")


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
    ahead = "SELECT seconds FROM core_clockoffset"
    began = asked(installation, ahead)[0][0]
    for _ in range(2):
        moves_on(installation)
    assert round((asked(installation, ahead)[0][0] - began) / 86_400) == 6
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
    installation.stops("worker")


def test_with_no_room_left_the_form_comes_back_and_no_piece_of_the_file_stays(
    installation: Installation, monkeypatch
) -> None:
    """The web process may write no file of more than 200 kB, which is what a full disk looks like to it."""
    small = "import os, resource, sys; resource.setrlimit(resource.RLIMIT_FSIZE, (200_000, 200_000));"
    limited = f"{small} os.execv(sys.executable, [sys.executable, '-m', *sys.argv[1:]])"
    (installation.folder / "limited.py").write_text(limited)
    monkeypatch.setitem(PROCESSES, "web", f"limited {PROCESSES['web']}")
    monkeypatch.setitem(installation.env, "PYTHONPATH", str(installation.folder))
    installation.starts("web")
    alice = Person(installation, "alice@cast.example")
    path = f"{installation.family['url']}documents/file/"
    page = alice.opens(path).text
    names = ("csrfmiddlewaretoken", "form_token")
    found = {name: re.search(rf'name="{name}" value="([^"]+)"', page) for name in names}
    form = {name: match[1] for name, match in found.items() if match}
    said = {"kind": "letter", "title": "A letter from the school", "readers": "everyone"}
    scan = ("letter.pdf", b"%PDF-1.7\n" + b"x" * 1_000_000 + b"\n%%EOF")
    answer = alice.session.post(
        installation.address + path, data=form | said, files={"scan": scan}, headers={"Origin": installation.address},
        timeout=60,
    )  # fmt: skip
    assert answer.status_code == 503
    assert "no room left" in answer.text
    assert "Choose this file again: letter.pdf" in answer.text
    assert [path for path in (installation.folder / "media").rglob("*") if path.is_file()] == []
    assert "A letter from the school" not in alice.opens(f"{installation.family['url']}documents/").text
    installation.stops("web")


class Mailbox(socketserver.StreamRequestHandler):
    """As much of a mail server as takes a message; whom each was for is kept in `got`."""

    got: ClassVar[list[str]] = []

    def handle(self) -> None:
        self.wfile.write(b"220 here\r\n")
        while line := self.rfile.readline():
            word = line.upper()
            if word.startswith(b"RCPT"):
                self.got.append(line.decode())
            if word.startswith(b"DATA"):
                self.wfile.write(b"354 go on\r\n")
                while self.rfile.readline().strip() != b".":
                    pass
            self.wfile.write(b"221 bye\r\n" if word.startswith(b"QUIT") else b"250 ok\r\n")


def test_after_days_without_a_mail_server_each_e_mail_goes_out_once(installation: Installation, monkeypatch) -> None:
    port = free_port()
    monkeypatch.setitem(installation.env, "EMAIL_URL", f"smtp://127.0.0.1:{port}")
    installation.starts("worker")
    deliver = ("-m", "celery", "-A", "earlyhelp", "call", "earlyhelp.notifications.tasks.deliver")
    waiting = "SELECT count(*) FROM notifications_notification WHERE emailed_at IS NULL"
    before = asked(installation, waiting)[0][0]
    assert before > 2
    installation.python(*deliver)
    tried = "SELECT count(*) FROM notifications_notification WHERE emailed_at IS NULL AND attempts > 0"
    wait_until(lambda: asked(installation, tried)[0][0] > 2)
    assert asked(installation, waiting)[0][0] >= before - 1
    for _ in range(3):  # past all that another test's days left to be sent
        moves_on(installation)
    with socketserver.ThreadingTCPServer(("127.0.0.1", port), Mailbox) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        wait_until(lambda: installation.python(*deliver) and asked(installation, waiting)[0][0] == 0)
        sent = len(Mailbox.got)
        done = installation.said()["worker.log"].count("tasks.deliver[")
        installation.python(*deliver)
        wait_until(lambda: installation.said()["worker.log"].count("tasks.deliver[") > done)
        assert (
            2 < len(Mailbox.got) == sent <= asked(installation, "SELECT count(*) FROM notifications_notification")[0][0]
        )
        server.shutdown()
    installation.stops("worker")
