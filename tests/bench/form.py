"""The pages and the print of an assessment of twelve parts and six people, beside a bare view and WeasyPrint alone."""

import json
import subprocess
import sys
from contextlib import ExitStack
from typing import Any

from tests.bench.timing import ROOT, Visitor, rows, say, serving, signed_in, timed


def measure() -> list[dict[str, Any]]:
    import django

    subprocess.run([sys.executable, "manage.py", "migrate", "--noinput", "--verbosity", "0"], cwd=ROOT, check=True)
    django.setup()
    from earlyhelp.access.identity import acting_as_system
    from earlyhelp.core import clock
    from tests.bench import prints
    from tests.bench.assessment import written
    from tests.cast import MONDAY, make_cast

    with clock.frozen_at(MONDAY), acting_as_system("bench"):
        cast = make_cast()
    with clock.frozen_at(MONDAY):
        family = written(cast)
    cookie, _ = signed_in(cast.alice)
    url = f"{family.get_absolute_url()}assessment/"
    with ExitStack() as stack:
        bare = Visitor(stack.enter_context(serving("tests.bench.bare")), cookie)
        port = stack.enter_context(serving("earlyhelp.wsgi"))
        alice = Visitor(port, cookie)
        pages = {"bare view": lambda: bare.asks("/")}
        pages |= {
            "assessment, list": lambda: alice.asks(url),
            "assessment, whole": lambda: alice.asks(f"{url}read/"),
            "assessment, a part": lambda: alice.asks(f"{url}part/why_now/"),
        }
        times = timed(*pages.values())
        return [*rows(pages, times), *prints.measure("assessment, print", cast.alice, port, f"{url}print/")]


def main() -> None:
    found = measure()
    say(found)
    (ROOT / ".build" / "bench-form.json").write_text(json.dumps(found, indent=1))


if __name__ == "__main__":
    main()
