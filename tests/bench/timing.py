"""How long things take, beside a bare view that is served in the same run."""

import http.client
import os
import statistics
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from earlyhelp.demo.servers import free_port, start, stop

ROOT = Path(__file__).resolve().parents[2]
WARMING = 20
ROUNDS = int(os.environ.get("ROUNDS", "60"))
GUNICORN = "gunicorn --workers 2 --threads 32 --timeout 120 --keep-alive 60 --no-control-socket --log-level warning"
os.environ |= {"DEMO": "1", "DJANGO_SETTINGS_MODULE": "earlyhelp.settings"}
os.environ.setdefault("SECRET_KEY", "bench")


@contextmanager
def serving(application: str) -> Iterator[int]:
    """The product, or the bare view, on two workers; yields the port."""
    port = free_port()
    env = os.environ | {
        "SITE_URL": f"http://127.0.0.1:{port}",
        "GUNICORN_CMD_ARGS": f"--bind 127.0.0.1:{port}",
    }
    process = start([sys.executable, "-m", *GUNICORN.split(), application], cwd=ROOT, env=env)
    try:
        for _ in range(200):
            try:
                http.client.HTTPConnection("127.0.0.1", port).connect()
                break
            except OSError:
                time.sleep(0.1)
        yield port
    finally:
        stop(process)


def signed_in(user: Any) -> tuple[str, str]:
    """What a browser of someone who has signed in sends: its cookie, and the token of its forms."""
    from django.middleware.csrf import _get_new_csrf_string
    from django.test import Client

    client = Client(headers={"host": "127.0.0.1"})
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    token = _get_new_csrf_string()
    return f"sessionid={client.cookies['sessionid'].value}; csrftoken={token}", token


class Visitor:
    """Someone who is signed in, on one kept connection."""

    def __init__(self, port: int, cookie: str) -> None:
        self.connection = http.client.HTTPConnection("127.0.0.1", port)
        self.cookie = cookie

    def asks(self, path: str, sent: dict[str, Any] | None = None) -> bytes:
        """The page, which must be there."""
        status, content = self.sends(path, sent)
        if status != 200:
            raise SystemExit(f"{path} answered {status}")
        return content

    def sends(self, path: str, sent: dict[str, Any] | None = None) -> tuple[int, bytes]:
        """The status and the page: of what is sent, or of what is opened."""
        body = urlencode(sent, doseq=True) if sent is not None else None
        headers = {"Cookie": self.cookie, "Content-Type": "application/x-www-form-urlencoded"}
        self.connection.request("POST" if body is not None else "GET", path, body, headers)
        response = self.connection.getresponse()
        return response.status, response.read()


def timed(*asking: Callable[[], object], rounds: int = ROUNDS, warming: int = WARMING) -> list[list[float]]:
    """How long each takes, in ms, one after the other in each round, so that all meet the same machine. The first rounds don't
    count: until then no connection has seen a page often enough to have a plan for it."""
    found: list[list[float]] = [[] for _ in asking]
    for number in range(rounds + warming):
        for times, ask in zip(found, asking, strict=True):
            began = time.perf_counter()
            ask()
            if number >= warming:
                times.append((time.perf_counter() - began) * 1000)
    return found


def rows(names: Iterable[str], times: list[list[float]]) -> list[dict[str, Any]]:
    """Each with its median and 95th percentile in ms, and the ratio of its median to the first one's."""
    base = statistics.median(times[0])
    return [
        {
            "what": name,
            "p50": round(statistics.median(found), 1),
            "p95": round(statistics.quantiles(found, n=20)[-1], 1),
            "ratio": round(statistics.median(found) / base, 2),
        }
        for name, found in zip(names, times, strict=True)
    ]


def say(found: Iterable[dict[str, Any]]) -> None:
    """The table, for whoever ran it."""
    sys.stdout.write(f"{'':44}{'p50 ms':>9}{'p95 ms':>9}{'ratio':>8}{'statements':>12}\n")
    for row in found:
        sys.stdout.write(
            f"{row['what']:44}{row['p50']:>9}{row['p95']:>9}{row['ratio']:>8}{row.get('statements', ''):>12}\n"
        )
    sys.stdout.flush()
