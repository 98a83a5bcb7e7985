"""The product as it runs: PostgreSQL, Valkey, web, worker and beat, each a process of its own."""

import json
import os
import re
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import requests

from earlyhelp.demo.run import PROCESSES
from earlyhelp.demo.servers import THROW_AWAY, free_port, servers, start, stop
from tests.cast import MONDAY

ROOT = Path(__file__).parents[2]
TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="([^"]+)"')
GIVEN = ("DATABASE_URL", "DATABASE_OWNER_URL", "REDIS_URL", "SECRET_KEY")


class Installation:
    """One that runs; `env` is what its processes are given, `folder` has their logs."""

    def __init__(self, folder: Path, addresses: dict[str, str]) -> None:
        self.folder, self.address = folder, f"http://127.0.0.1:{free_port()}"
        self.running: dict[str, subprocess.Popen[bytes]] = {}
        self.family: dict[str, Any] = {}
        self.today = {"at_day": MONDAY.day, "at_month": MONDAY.month, "at_year": MONDAY.year}
        self.env = {
            **os.environ,
            **addresses,
            "SECRET_KEY": "for these tests alone",
            "DEMO": "1",
            "SITE_URL": self.address,
            "EMAIL_URL": "smtp://127.0.0.1:1",
            "MEDIA_ROOT": str(folder / "media"),
            "GUNICORN_CMD_ARGS": f"--bind {self.address.removeprefix('http://')}",
        }

    def python(self, *arguments: str) -> str:
        """What a command of its own says; it has to succeed."""
        command = [sys.executable, *arguments]
        done = subprocess.run(command, cwd=ROOT, env=self.env, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
        return done.stdout

    def begins_on_monday(self) -> None:
        """The record's clock stands where it does in all tests, whatever day it is and whatever moved it."""
        moved = "from earlyhelp.core import clock; from tests.cast import MONDAY; clock.move(MONDAY - clock.true_now())"
        self.python("manage.py", "shell", "--no-imports", "-c", moved)

    def starts(self, name: str) -> None:
        module, *arguments = PROCESSES[name].replace(".data", str(self.folder)).split()
        with (self.folder / f"{name}.log").open("ab") as log:
            command = [sys.executable, "-m", module, *arguments]
            self.running[name] = start(command, cwd=ROOT, env=self.env, stdout=log, stderr=log)
        if name == "web":
            wait_until(self.answers)

    def answers(self) -> bool:
        try:
            return requests.get(f"{self.address}/accounts/login/", timeout=30).ok
        except requests.ConnectionError:
            return False

    def stops(self, *names: str) -> None:
        stop(*(self.running.pop(name) for name in names))

    def said(self) -> dict[str, str]:
        """What every part wrote to its log."""
        return {log.name: log.read_text(errors="replace") for log in self.folder.glob("*.log")}


class Person:
    """Someone at a browser without a screen."""

    def __init__(self, installation: Installation, email: str) -> None:
        self.address, self.session = installation.address, requests.Session()
        self.sends("/accounts/login/", login=email, password="a good long password")

    def opens(self, path: str) -> requests.Response:
        return self.session.get(f"{self.address}{path}", timeout=60)

    def sends(self, path: str, **fields: Any) -> requests.Response:
        token = TOKEN.search(self.opens(path).text)
        assert token, f"no form at {path}"
        sent = {**fields, "csrfmiddlewaretoken": token[1]}
        return self.session.post(f"{self.address}{path}", data=sent, headers={"Referer": self.address}, timeout=60)


def wait_until(true: Any, seconds: float = 60) -> None:
    deadline = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < deadline, "it took too long"
        time.sleep(0.1)


@pytest.fixture(scope="module")
def installation(tmp_path_factory) -> Iterator[Installation]:
    """PostgreSQL and Valkey of its own, migrated and filled; web, worker and beat are for the test to start."""
    folder = tmp_path_factory.mktemp("installation")
    with pytest.MonkeyPatch.context() as patch:
        for name in GIVEN:
            patch.delenv(name, raising=False)
        with servers(folder, *THROW_AWAY) as addresses:
            installation = Installation(folder, addresses)
            installation.python("manage.py", "migrate", "--verbosity=0")
            installation.begins_on_monday()
            installation.family = json.loads(installation.python("-m", "tests.processes.fill"))
            try:
                yield installation
            finally:
                installation.stops(*installation.running)
