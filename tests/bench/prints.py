"""A print, beside WeasyPrint alone on the same HTML."""

from typing import Any

from tests.bench.timing import ROUNDS, Visitor, rows, signed_in, timed


def measure(what: str, user: Any, port: int, url: str) -> list[dict[str, Any]]:
    """How long a copy for all of a family takes, whose print someone may make at `url`."""
    from weasyprint import HTML
    from weasyprint.text.fonts import FontConfiguration

    from earlyhelp.printing import pdf

    cookie, token = signed_in(user)
    copy, html = _printed(user, url)
    style, _ = pdf.print_style()

    def alone() -> None:
        document = HTML(string=html, base_url=pdf.static_base(), url_fetcher=pdf.StaticFetcher(None))
        document.write_pdf(stylesheets=[style], font_config=FontConfiguration(), pdf_variant="pdf/ua-1")

    visitor = Visitor(port, cookie)
    sent = copy | {"csrfmiddlewaretoken": token}
    times = timed(alone, lambda: visitor.asks(url, sent), rounds=max(5, ROUNDS // 4), warming=2)
    return rows(["WeasyPrint alone", what], times)


def _printed(user: Any, url: str) -> tuple[dict[str, Any], str]:
    """What is sent for a copy, and the HTML that it is made of."""
    from django.test import Client
    from django.test.utils import setup_test_environment, teardown_test_environment

    from earlyhelp.printing import pdf
    from tests.pages import copy_for_all

    client = Client(headers={"host": "127.0.0.1"})
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    setup_test_environment()
    copy = copy_for_all(client, url)
    teardown_test_environment()
    html: list[str] = []
    whole = pdf.in_whole_letters
    pdf.in_whole_letters = lambda text: html.append(whole(text)) or html[-1]
    client.post(url, copy)
    pdf.in_whole_letters = whole
    return copy, html[-1]
