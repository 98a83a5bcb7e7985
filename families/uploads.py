"""Scans: what they are is read from their content, never from their name; images lose what a camera wrote into them."""

import io
import threading
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import pillow_heif
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import UploadedFile
from PIL import Image, ImageFile, ImageOps, UnidentifiedImageError

from earlyhelp.core.errors import Refused
from earlyhelp.procedures.services import procedure_in_force

pillow_heif.register_heif_opener()
KINDS = {"JPEG": ("image/jpeg", "JPEG"), "PNG": ("image/png", "PNG"), "HEIF": ("image/jpeg", "JPEG")}
WRONG_KIND = (
    "The file must be a PDF, JPEG, PNG or HEIC. This one is something else, whatever its name says. Scan the form again"
)
ONE_AT_A_TIME = threading.Lock()
MOST_PIXELS = 40_000_000
TOO_MANY_PIXELS = (
    "The picture must have fewer than 40 million pixels. Scan it at a lower quality, or one page at a time"
)
DAMAGED = "This file can’t be read: it may be damaged. Choose it again, or scan the form again"


@dataclass(frozen=True)
class Scan:
    """A file that was looked into: what to store, and what it is."""

    content: ContentFile
    content_type: str
    size: int


def read_scan(upload: UploadedFile) -> Scan:
    """Look into an uploaded file; Refused with what to do when it is too large or of the wrong kind."""
    limit = procedure_in_force().limits.scan_mb
    if (upload.size or 0) > limit * 1024 * 1024:
        raise Refused(f"The file must be smaller than {limit} MB. Scan it at a lower quality, or one page at a time")
    data = upload.read()
    if data[:5] == b"%PDF-" and b"%%EOF" in data[-2048:]:
        return Scan(ContentFile(data), "application/pdf", len(data))
    return _image(data)


@contextmanager
def whole() -> Iterator[None]:
    """A picture that ends in the middle is an error here: the library that draws prints lets all of them pass, half grey."""
    with ONE_AT_A_TIME:  # the library's setting holds for all threads
        before, ImageFile.LOAD_TRUNCATED_IMAGES = ImageFile.LOAD_TRUNCATED_IMAGES, False
        try:
            yield
        finally:
            ImageFile.LOAD_TRUNCATED_IMAGES = before


def _image(data: bytes) -> Scan:
    try:
        with whole(), warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            with Image.open(io.BytesIO(data)) as image:
                if image.width * image.height > MOST_PIXELS:
                    raise Refused(TOO_MANY_PIXELS)
                content_type, saved_as = KINDS.get(image.format or "", ("", ""))
                if not content_type:
                    raise Refused(WRONG_KIND)
                clean = on_white(ImageOps.exif_transpose(image))
    except UnidentifiedImageError as error:
        raise Refused(WRONG_KIND) from error
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise Refused(TOO_MANY_PIXELS) from error
    except (OSError, ValueError, SyntaxError, EOFError, RuntimeError, MemoryError) as error:
        raise Refused(DAMAGED) from error
    out = io.BytesIO()
    clean.save(out, format=saved_as, quality=88)
    return Scan(ContentFile(out.getvalue()), content_type, out.tell())


def on_white(image: Image.Image) -> Image.Image:
    """The pixels alone, on white paper where the image was see-through: nothing else that a camera wrote stays."""
    layer = image.convert("RGBA")
    paper = Image.new("RGB", layer.size, "white")
    paper.paste(layer, mask=layer.getchannel("A"))
    return paper
