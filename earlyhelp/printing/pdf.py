"""Templates made into tagged PDFs (PDF/UA-1). This room alone knows WeasyPrint.

Templates extend `printing/base.html`. Text that somebody typed goes into an element with `dir="auto"`, so that Arabic
or Hebrew runs from right to left.
"""

import os
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from threading import Lock
from typing import Any
from urllib.parse import urljoin

from django.http import HttpResponse
from django.template.loader import render_to_string
from django.utils.http import content_disposition_header
from weasyprint import CSS, HTML
from weasyprint.text.fonts import FontConfiguration
from weasyprint.urls import FatalURLFetchingError

from earlyhelp.printing.files import StaticFetcher, static_base
from earlyhelp.printing.letters import direction_of_language, in_whole_letters, prepare
from earlyhelp.procedures.services import procedure_in_force

STYLE_SHEET = Path(__file__).with_name("print.css")
OWN_FONTS = Path(__file__).with_name("fonts.conf")
SAFE_FILENAME = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*\.pdf")

_one_at_a_time = Lock()  # Pango's font map is not for two threads


class MissingStaticFile(Exception):
    """A print needs a static file that is not there. `make assets` puts fonts in place."""


@contextmanager
def no_system_fonts() -> Iterator[None]:
    """Fontconfig sees our own configuration, which knows no font of this machine."""
    before = os.environ.get("FONTCONFIG_FILE")
    os.environ["FONTCONFIG_FILE"] = str(OWN_FONTS)
    try:
        yield
    finally:
        if before is None:
            del os.environ["FONTCONFIG_FILE"]
        else:
            os.environ["FONTCONFIG_FILE"] = before


def load_style(css: str) -> tuple[CSS, FontConfiguration]:
    """A style sheet and the fonts that it names, ready for many prints."""
    with no_system_fonts():
        fonts = FontConfiguration()
    base_url = urljoin(static_base(), "print/print.css")
    return CSS(string=css, base_url=base_url, url_fetcher=StaticFetcher(), font_config=fonts), fonts


@cache
def print_style() -> tuple[CSS, FontConfiguration]:
    """`print.css`, once per process: reading the fonts takes longer than a print."""
    return load_style(STYLE_SHEET.read_text())


def render_pdf(
    template: str,
    context: dict[str, Any],
    *,
    title: str,
    lang: str = "en-GB",
    large_print: bool = False,
    pictures: Mapping[str, bytes] | None = None,
) -> bytes:
    """A template as a tagged A4 PDF with page numbers.

    The template sees `context`, `procedure`, `title`, `lang`, `direction` and `large_print`; `footer`, if the context
    has it, stands at the foot of every page. `pictures`: PNG files by name, each at its `picture_url`.
    """
    page = {"title": title, "lang": lang, "large_print": large_print, "direction": direction_of_language(lang)}
    if "procedure" not in context:
        page["procedure"] = procedure_in_force()
    html = in_whole_letters(render_to_string(template, context | page))
    try:
        with _one_at_a_time:
            style, fonts = print_style()
            document = HTML(string=html, base_url=static_base(), url_fetcher=StaticFetcher(pictures))
            prepare(document.etree_element)
            return document.write_pdf(stylesheets=[style], font_config=fonts, pdf_variant="pdf/ua-1")
    except FatalURLFetchingError as error:
        raise MissingStaticFile(str(error)) from error


def pdf_response(pdf: bytes, *, filename: str) -> HttpResponse:
    """A PDF to show in the browser, which must not keep it.

    The file name says what and which reference, as in `agreement-482-9157.pdf`; a person's name has no place in it.
    """
    if not SAFE_FILENAME.fullmatch(filename):
        raise ValueError("A print's file name is lower-case letters, digits and hyphens, then .pdf")
    return HttpResponse(
        pdf,
        content_type="application/pdf",
        headers={
            "Content-Disposition": content_disposition_header(False, filename) or f'inline; filename="{filename}"',
            "Cache-Control": "no-store",
        },
    )
