"""Templates made into tagged PDFs (PDF/UA-1). The only module that knows WeasyPrint.

Templates extend `printing/base.html`. Text that somebody typed goes into an element with `dir="auto"`, so that Arabic
or Hebrew runs from right to left.
"""

import mimetypes
import os
import re
import unicodedata
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from threading import Lock
from typing import Any
from urllib.parse import unquote, urljoin, urlsplit
from xml.etree.ElementTree import Element

from django.conf import settings
from django.contrib.staticfiles import finders
from django.contrib.staticfiles.storage import staticfiles_storage
from django.core.exceptions import SuspiciousFileOperation
from django.http import HttpResponse
from django.template.loader import render_to_string
from django.utils.http import content_disposition_header
from weasyprint import CSS, HTML
from weasyprint.text.fonts import FontConfiguration
from weasyprint.urls import FatalURLFetchingError, URLFetcher, URLFetcherResponse, URLFetchingError

from earlyhelp.accounts.models import LocalProcedure

STYLE_SHEET = Path(__file__).with_name("print.css")
FONTS = "print/fonts/"  # where the style sheet names them; they are nobody's to download
OWN_FONTS = Path(__file__).with_name("fonts.conf")
SAFE_FILENAME = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*\.pdf")
RIGHT_TO_LEFT = {"ar", "ckb", "dv", "fa", "he", "ps", "sd", "syr", "ug", "ur", "yi"}
# A letter with marks typed after it, or a Korean syllable typed in parts: drawn as one when it is one character
IN_PARTS = re.compile(r"[^\W\d_][\u0300-\u036f]+|[\u1100-\u11ff]+")
# A word with a Latin letter, or a mark on a letter, that Atkinson Hyperlegible Next lacks
OTHER_LATIN = re.compile(
    r"(\S*[\u0180-\u0217\u021c-\u024f\u0250-\u02af\u0300-\u036f\u1e00-\u1e7f\u1e86-\u1ef1\u1ef4-\u1eff]\S*)"
)

_one_at_a_time = Lock()  # Pango's font map is not for two threads


class MissingStaticFile(Exception):
    """A print needs a static file that is not there. `make assets` puts fonts in place."""


class StaticFetcher(URLFetcher):
    """Serves our own static files, and the pictures that belong to one print; refuses every other address."""

    def __init__(self, pictures: Mapping[str, bytes] | None = None) -> None:
        super().__init__(allowed_protocols=())
        self.pictures = {picture_url(name): data for name, data in (pictures or {}).items()}

    def fetch(self, url: str, headers: dict[str, str] | None = None) -> URLFetcherResponse:
        if url in self.pictures:
            return URLFetcherResponse(url, self.pictures[url], {"Content-Type": "image/png"})
        if not url.startswith(static_base()):
            raise URLFetchingError("Prints fetch nothing but our own static files")
        name = unquote(urlsplit(url).path.removeprefix(urlsplit(static_base()).path))
        if name.startswith(FONTS):
            return URLFetcherResponse(url, read_font(name.removeprefix(FONTS)))
        return URLFetcherResponse(url, read_static(name), {"Content-Type": mimetypes.guess_type(name)[0] or ""})


def static_base() -> str:
    """Where static files are for the templates of prints. Nobody is asked: the host cannot exist (RFC 2606)."""
    return urljoin("https://prints.invalid/", settings.STATIC_URL)


def picture_url(name: str) -> str:
    """Where a print finds one of its own pictures, given to `render_pdf` under that name."""
    return f"https://prints.invalid/pictures/{name}"


def read_static(name: str) -> bytes:
    """The content of a static file, by its plain name or by the hashed one that `collectstatic` gave it."""
    try:
        found = finders.find(name)
        if isinstance(found, str) and os.path.isfile(found):
            return Path(found).read_bytes()
        if name and staticfiles_storage.exists(name):
            with staticfiles_storage.open(name) as file:
                return file.read()
    except SuspiciousFileOperation as error:
        raise URLFetchingError("Outside the static files") from error
    # Not an Exception: WeasyPrint would go on, and print without a font
    raise FatalURLFetchingError(f"The static file {name} is missing: run 'make assets'")


def read_font(name: str) -> bytes:
    """One of the fonts of `print.css`."""
    font = settings.PRINT_FONTS / name
    if font.parent != settings.PRINT_FONTS or not font.is_file():
        raise FatalURLFetchingError(f"The font {name} is missing: run 'make assets'")
    return font.read_bytes()


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
        page["procedure"] = LocalProcedure.current()
    html = IN_PARTS.sub(
        lambda found: unicodedata.normalize("NFC", found[0]), render_to_string(template, context | page)
    )
    try:
        with _one_at_a_time:
            style, fonts = print_style()
            document = HTML(string=html, base_url=static_base(), url_fetcher=StaticFetcher(pictures))
            prepare(document.etree_element)
            return document.write_pdf(stylesheets=[style], font_config=fonts, pdf_variant="pdf/ua-1")
    except FatalURLFetchingError as error:
        raise MissingStaticFile(str(error)) from error


def prepare(root: Element) -> None:
    """What WeasyPrint does not do by itself: `dir="auto"`, and one font for each word of Latin letters."""
    for element in root.iter():
        if element.get("dir") == "auto":
            element.set("dir", direction_of_text("".join(element.itertext())))
    body = root.find("body")
    for element in list(body.iter()) if body is not None else ():
        element.text, inside = one_font(element.text)
        element[:0] = inside
        for child in list(element):
            child.tail, after = one_font(child.tail)
            place = list(element).index(child) + 1
            element[place:place] = after


def one_font(text: str | None) -> tuple[str | None, list[Element]]:
    """The text before the first word that needs another font, and a span for each such word with what follows it."""
    before, *rest = OTHER_LATIN.split(text or "")
    spans = []
    for word, after in zip(rest[::2], rest[1::2], strict=True):
        span = Element("span", {"class": "other-latin"})
        span.text, span.tail = word, after
        spans.append(span)
    return before, spans


def direction_of_language(lang: str) -> str:
    """`rtl` for languages written from right to left, otherwise `ltr`."""
    return "rtl" if lang.lower().split("-")[0] in RIGHT_TO_LEFT else "ltr"


def direction_of_text(text: str) -> str:
    """What `dir="auto"` means in HTML, which WeasyPrint does not know: the first letter decides."""
    kinds = (unicodedata.bidirectional(character) for character in text)
    return "rtl" if next((kind for kind in kinds if kind in {"L", "R", "AL"}), "L") != "L" else "ltr"


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
