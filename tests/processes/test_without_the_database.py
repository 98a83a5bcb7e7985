"""PostgreSQL is away while someone saves: their words come back on the page, and are stored once it is there again."""

import re
import subprocess
from html import unescape
from pathlib import Path

import psutil

from earlyhelp.demo.servers import start, stop
from tests.processes.conftest import Installation, Person, wait_until

WORDS = "Grace says that “mornings” are calmer & Ada sleeps."
BOX = re.compile(r'<input type="hidden" name="([^"]+)" value="([^"]*)">')


def postgres_of(installation: Installation) -> psutil.Process:
    port = int(installation.env["DATABASE_URL"].rpartition(":")[2].partition("/")[0])
    return next(
        process
        for process in psutil.process_iter(["name", "cmdline"])
        if process.info["name"] == "postgres" and f"port={port}" in " ".join(process.info["cmdline"] or ())
    )


def test_what_is_saved_while_it_is_away_is_given_back_and_stored_once_later(
    installation: Installation, tmp_path: Path
) -> None:
    installation.starts("web")
    family = installation.family
    charlie = Person(installation, "charlie@cast.example")
    address = f"{installation.address}{family['url']}notes/write/"
    page = charlie.opens(f"{family['url']}notes/write/").text
    token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page)
    form_token = re.search(r'name="form_token" value="([^"]+)"', page)
    assert token
    assert form_token
    note = {
        "kind": "call", "with_whom": "Grace", "about": family["grace"], "text": WORDS, **installation.today, "at_time": "0:00", "form_token": form_token[1],
        "csrfmiddlewaretoken": token[1],
    }  # fmt: skip
    server = postgres_of(installation)
    command, ours = server.cmdline(), server.username()
    server.send_signal(2)
    server.wait(30)

    headers = {"Origin": installation.address}
    answer = charlie.session.post(address, data=note, headers=headers, timeout=60)
    assert answer.status_code == 503
    assert "Not stored, try again" in answer.text
    assert "can’t be reached" in answer.text
    again = [(name, unescape(value)) for name, value in BOX.findall(answer.text)]
    assert ("text", WORDS) in again
    assert charlie.opens(family["url"]).status_code == 503

    account = {} if ours == psutil.Process().username() else {"user": ours}
    with (tmp_path / "postgres.log").open("wb") as log:
        running = start(command, stdin=subprocess.DEVNULL, stdout=log, stderr=log, cwd="/", **account)
    try:
        wait_until(lambda: charlie.opens(family["url"]).ok)
        for _ in range(2):
            sent = charlie.session.post(address, data=again, headers=headers, timeout=60)
            assert sent.ok, sent.status_code
        assert unescape(charlie.opens(f"{family['url']}notes/").text).count(WORDS) == 1
    finally:
        installation.stops("web")
        stop(running, by=2)
