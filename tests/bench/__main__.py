"""`make bench`: how fast pages are, as multiples of a bare view, and a print, of WeasyPrint alone; all in one run.

Writes a table, and the same as JSON to .build/bench.json. What it found last stands in docs/performance.md.
"""

import http.client
import json
import os
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from earlyhelp.demo.servers import free_port, start, stop

ROOT = Path(__file__).resolve().parents[2]
ROUNDS = int(os.environ.get("ROUNDS", "60"))
GUNICORN = "gunicorn --workers 2 --threads 32 --timeout 120 --no-control-socket --log-level warning"
os.environ |= {"DEMO": "1", "SECRET_KEY": "bench", "DJANGO_SETTINGS_MODULE": "earlyhelp.settings"}


@contextmanager
def serving(application: str) -> Iterator[int]:
    """The product, or the bare view, on two workers."""
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


class Visitor:
    """Someone who is signed in, on one kept connection."""

    def __init__(self, port: int, cookie: str) -> None:
        self.connection = http.client.HTTPConnection("127.0.0.1", port)
        self.cookie = cookie

    def asks(self, path: str, sent: dict[str, Any] | None = None) -> bytes:
        body = urlencode(sent, doseq=True) if sent is not None else None
        headers = {"Cookie": self.cookie, "Content-Type": "application/x-www-form-urlencoded"}
        self.connection.request("POST" if body is not None else "GET", path, body, headers)
        response = self.connection.getresponse()
        content = response.read()
        if response.status != 200:
            raise SystemExit(f"{path} answered {response.status}")
        return content


def timed(*asking: Callable[[], object], rounds: int = ROUNDS) -> list[list[float]]:
    """How long each takes, in ms, one after the other in each round, so that all meet the same machine."""
    found: list[list[float]] = [[] for _ in asking]
    for number in range(rounds + 5):
        for times, ask in zip(found, asking, strict=True):
            began = time.perf_counter()
            ask()
            if number >= 5:
                times.append((time.perf_counter() - began) * 1000)
    return found


def measure() -> list[dict[str, Any]]:
    import django

    subprocess.run([sys.executable, "manage.py", "migrate", "--noinput", "--verbosity", "0"], cwd=ROOT, check=True)
    django.setup()
    from django.middleware.csrf import _get_new_csrf_string
    from django.test import Client
    from django.test.utils import setup_test_environment, teardown_test_environment
    from weasyprint import HTML
    from weasyprint.text.fonts import FontConfiguration

    from earlyhelp.access.identity import acting_as_system
    from earlyhelp.core import clock
    from earlyhelp.printing import pdf
    from tests.bench.assessment import written
    from tests.cast import MONDAY, make_cast
    from tests.pages import copy_for_all

    with clock.frozen_at(MONDAY), acting_as_system("bench"):
        cast = make_cast()
    with clock.frozen_at(MONDAY):
        family = written(cast)
    client = Client(headers={"host": "127.0.0.1"})
    client.force_login(cast.alice, backend="django.contrib.auth.backends.ModelBackend")
    token = _get_new_csrf_string()
    cookie = f"sessionid={client.cookies['sessionid'].value}; csrftoken={token}"
    url = f"{family.get_absolute_url()}assessment/"
    setup_test_environment()
    copy = copy_for_all(client, f"{url}print/") | {"csrfmiddlewaretoken": token}
    teardown_test_environment()

    html: list[str] = []
    whole = pdf.in_whole_letters
    pdf.in_whole_letters = lambda text: html.append(whole(text)) or html[-1]
    client.post(f"{url}print/", copy)
    pdf.in_whole_letters = whole

    def weasyprint_alone() -> None:
        document = HTML(string=html[-1], base_url=pdf.static_base(), url_fetcher=pdf.StaticFetcher(None))
        fonts = FontConfiguration()
        style, _ = pdf.print_style()
        document.write_pdf(stylesheets=[style], font_config=fonts, pdf_variant="pdf/ua-1")

    with ExitStack() as stack:
        bare = Visitor(stack.enter_context(serving("tests.bench.bare")), cookie)
        alice = Visitor(stack.enter_context(serving("earlyhelp.wsgi")), cookie)
        pages = {"bare view": lambda: bare.asks("/")}
        pages |= {
            "assessment, list": lambda: alice.asks(url),
            "assessment, whole": lambda: alice.asks(f"{url}read/"),
            "assessment, a part": lambda: alice.asks(f"{url}part/why_now/"),
        }
        prints = {"WeasyPrint alone": weasyprint_alone, "assessment, print": lambda: alice.asks(f"{url}print/", copy)}
        return [
            *rows(pages, timed(*pages.values())),
            *rows(prints, timed(*prints.values(), rounds=max(5, ROUNDS // 4))),
        ]


def rows(names: Any, times: list[list[float]]) -> Iterator[dict[str, Any]]:
    """Each with its median, its 95th percentile, and the ratio of its median to the first one's."""
    base = statistics.median(times[0])
    for name, found in zip(names, times, strict=True):
        middle, slow = statistics.median(found), statistics.quantiles(found, n=20)[-1]
        yield {"what": name, "p50": round(middle, 1), "p95": round(slow, 1), "ratio": round(middle / base, 2)}


def main() -> None:
    found = measure()
    sys.stdout.write(f"{'':24}{'p50 ms':>10}{'p95 ms':>10}{'ratio':>8}\n")
    for row in found:
        sys.stdout.write(f"{row['what']:24}{row['p50']:>10}{row['p95']:>10}{row['ratio']:>8}\n")
    (ROOT / ".build" / "bench.json").write_text(json.dumps(found, indent=1))


if __name__ == "__main__":
    main()
