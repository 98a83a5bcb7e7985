"""`make bench SIZE=100000`: how fast pages are for four people who see ever more families, as multiples of a bare view of the same
run. Writes a table, and the same as JSON to .build/bench-SIZE.json; what it found last stands in docs/performance.md."""

import json
import logging
import os
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import ExitStack
from functools import partial
from itertools import cycle
from typing import Any

from tests.bench.timing import ROOT, Visitor, rows, say, serving, signed_in, timed

SIZE = int(os.environ.get("SIZE", "10000"))
ONLY = os.environ.get("ONLY", "")
CLIENTS = {"practitioner": 6, "manager": 2, "officer": 1, "service manager": 1}
EVERYDAY = ("home", "list", "family, overview")
TABS = {
    "overview": "",
    "sharing": "sharing/",
    "assessment": "assessment/",
    "plan": "plan/",
    "chronology": "chronology/",
    "people": "people/",
    "notes": "notes/",
}


def prepare() -> int:
    import django

    subprocess.run([sys.executable, "manage.py", "migrate", "--noinput", "--verbosity", "0"], cwd=ROOT, check=True)
    django.setup()
    logging.disable(logging.WARNING)
    from django.db import connection

    from earlyhelp.access.owner import as_owner
    from tests.bench.authority import make

    began = time.perf_counter()
    there = make(SIZE)
    sys.stdout.write(f"{there} families, ready after {time.perf_counter() - began:.0f} s\n")
    sys.stdout.flush()
    with as_owner(connection, why="bench"), connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")
    return there


def people() -> dict[str, Any]:
    """A practitioner with some 40 families, or the most that one has, a manager of some thousands, an officer, and the service
    manager."""
    from django.db.models import Count

    from earlyhelp.access.identity import acting_as_system
    from earlyhelp.access.models import Grant
    from earlyhelp.accounts.models import Role, User

    with acting_as_system("bench"):
        sees = Grant.objects.values("user").annotate(n=Count("family", distinct=True)).order_by("-n")

        def most(role: str, below: int = 10**9) -> User:
            of = User.objects.filter(memberships__role=role).values("pk")
            return User.objects.get(pk=sees.filter(user__in=of, n__lte=below)[0]["user"])

        return {
            "practitioner": most(Role.PRACTITIONER, 40),
            "manager": most(Role.MANAGER, 5000),
            "officer": most(Role.LOCALITY_OFFICER),
            "service manager": most(Role.SERVICE_MANAGER),
        }


def asked_of(user: Any) -> dict[str, str]:
    """What is opened, by what it is called; addresses hold what this person may see."""
    from earlyhelp.access.identity import acting_as
    from earlyhelp.workspace import caseload
    from earlyhelp.workspace.models import CaseloadEntry
    from families.models import Person

    with acting_as(user):
        entries = CaseloadEntry.objects.all()
        known = Person.objects.filter(born="exact").exclude(date_of_birth=None)
        some = entries.exclude(stage="ended").filter(next_kind__gt="", family__in=known.values("family"))
        line = list(some.order_by("next_due_at", "pk")[:8])[-1]
        person = known.filter(family=line.pk).order_by("pk")[0]
        found = {"home": "/", "list": "/families/?whose=all"}
        deep = list(caseload.in_order(entries.open(), "due")[2474:2475])
        if deep:
            found["list, 100th page"] = f"/families/?whose=all&after={deep[0].reference}"
        for sort in ("name", "lead", "-due", "stage", "level"):
            found[f"list by {sort}"] = f"/families/?whose=all&sort={sort}"
        for name, query in (
            ("late", "due=late"), ("due this week", "due=week"), ("ended", "stage=ended"), ("one lead", f"lead={line.runner_id}"),
            ("without a lead", "no_lead=yes"), ("without agreement", "no_agreement=yes"), ("one area", f"locality={line.locality_id}"),
        ):  # fmt: skip
            found[f"list, {name}"] = f"/families/?whose=all&{query}"
        name = line.name.split()[-1]
        searches = {
            "reference": line.reference,
            "surname": name,
            "misspelt": name[:2] + name[3:],
            "full name": f"{person.first_name} {person.last_name or name}",
            "birth date": f"{person.date_of_birth:%d/%m/%Y}",
            "postcode": "MX1 2AB",
        }
        found |= {f"search, {kind}": text for kind, text in searches.items()}
        for tab, path in TABS.items():
            found[f"family, {tab}"] = f"/families/{line.reference}/{path}"
        return {name: url for name, url in found.items() if ONLY in name}


def ask(what: str, said: str, token: str) -> tuple[str, dict[str, str] | None]:
    """The address of what is opened, and what is sent there: a search stands in no address."""
    return ("/search/", {"q": said, "csrfmiddlewaretoken": token}) if what.startswith("search") else (said, None)


def statements(client: Any, url: str, sent: dict[str, str] | None) -> tuple[int, int]:
    """How many statements a page takes, once it was opened before; and its status."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    def opens() -> int:
        status: int = (client.get(url) if sent is None else client.post(url, sent)).status_code
        return status

    opens()
    with CaptureQueriesContext(connection) as seen:
        status = opens()
    return len(seen), status


def measure() -> list[dict[str, Any]]:
    there = prepare()
    from django.test import Client

    from earlyhelp.access.identity import acting_as
    from families.models import Family

    found: list[dict[str, Any]] = []
    mix: list[tuple[str, list[str]]] = []
    with ExitStack() as stack:
        ports = [stack.enter_context(serving(one)) for one in ("tests.bench.bare", "earlyhelp.wsgi")]
        for role, user in people().items():
            client = Client(headers={"host": "127.0.0.1"})
            client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
            cookie, token = signed_in(user)
            bare, asker = (Visitor(port, cookie) for port in ports)
            mix += [(cookie, [])] * CLIENTS[role]
            with acting_as(user):
                sees = Family.objects.count()
            asks: dict[str, Callable[[], bytes]] = {}
            told: dict[str, int] = {}
            for name, said in asked_of(user).items():
                url, sent = ask(name, said, token)
                count, status = statements(client, url, sent)
                if status == 200:
                    asks[name], told[name] = partial(asker.asks, url, sent), count
                if name in EVERYDAY:
                    mix[-1][1].append(url)
            timings = rows(["bare view", *asks], timed(partial(bare.asks, "/"), *asks.values()))
            sys.stdout.write(f"\n{role}, who sees {sees} of {there} families\n")
            for row in timings:
                row |= {"role": role, "statements": told.get(row["what"], "")}
            say(timings)
            found += timings
        found += together(ports, mix)
        if SIZE > 2000:
            found += saved(ports[1], found)
    return found


def saved(port: int, pages: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """What is saved, as multiples of the bare view, and a plan's print beside WeasyPrint alone."""
    from earlyhelp.access.identity import acting_as
    from earlyhelp.workspace.models import CaseloadEntry
    from tests.bench import prints, saving

    base = statistics.median(row["p50"] for row in pages if row["what"] == "bare view")
    found = [row | {"ratio": round(row["p50"] / base, 2)} for row in saving.measure(port)]
    user = people()["practitioner"]
    with acting_as(user):
        line = CaseloadEntry.objects.filter(stage="plan", runner=user).order_by("pk")[0]
    found += prints.measure("plan, print", user, port, f"/families/{line.reference}/plan/print/")
    say(found)
    return found


def together(ports: list[int], mix: list[tuple[str, list[str]]]) -> list[dict[str, Any]]:
    """Ten people at once, each opening their everyday pages in turn: pages a second, beside the bare view's."""
    from tests.bench.work import at_once

    def opens(port: int, cookie: str, urls: list[str]) -> Callable[[], object]:
        visitor, turn = Visitor(port, cookie), cycle(urls)
        return lambda: visitor.asks(next(turn))

    bare = at_once([opens(ports[0], cookie, ["/"]) for cookie, _ in mix])
    ours = at_once([opens(ports[1], cookie, urls) for cookie, urls in mix])
    sys.stdout.write(
        f"\n{len(mix)} at once: {ours:.0f} pages a second, the bare view {bare:.0f}: 1/{bare / ours:.1f}\n"
    )
    return [
        {"what": "ten at once", "pages a second": round(ours, 1), "of": round(bare, 1), "ratio": round(bare / ours, 2)}
    ]


def besides() -> list[dict[str, Any]]:
    """What is done besides pages."""
    from tests.bench import work

    found = work.clocks()
    for row in found:
        sys.stdout.write(f"{row['what']}: {row['a second']} a second ({row['done']} done), {row['memory']} MB more\n")
    took = statistics.median(work.withdrawing())
    sys.stdout.write(f"an agency may not know any more: {took:.1f} ms\n")
    return [*found, {"what": "withdrawing", "p50": round(took, 1)}]


def main() -> None:
    found = measure()
    found += besides()
    (ROOT / ".build" / f"bench-{SIZE}.json").write_text(json.dumps(found, indent=1))


if __name__ == "__main__":
    main()
