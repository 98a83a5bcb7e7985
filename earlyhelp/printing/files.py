"""What a print may fetch: static files, fonts, and its own pictures."""

import mimetypes
import os
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import unquote, urljoin, urlsplit

from django.conf import settings
from django.contrib.staticfiles import finders
from django.contrib.staticfiles.storage import staticfiles_storage
from django.core.exceptions import SuspiciousFileOperation
from weasyprint.urls import FatalURLFetchingError, URLFetcher, URLFetcherResponse, URLFetchingError

FONTS = "print/fonts/"  # where the style sheet names them; they are nobody's to download


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
