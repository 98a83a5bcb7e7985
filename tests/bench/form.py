"""The pages and the print of an assessment of twelve parts and six people, beside a bare view and WeasyPrint alone."""

import json
import subprocess
import sys
from contextlib import ExitStack
from typing import Any

from tests.bench.timing import ROOT, ROUNDS, Visitor, rows, say, serving, timed


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


def main() -> None:
    found = measure()
    say(found)
    (ROOT / ".build" / "bench-form.json").write_text(json.dumps(found, indent=1))


if __name__ == "__main__":
    main()
