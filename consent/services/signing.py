"""Names put under the form on screen: drawn with a finger, or typed by whoever can't or doesn't want to draw."""

import base64
import binascii
import io
import warnings
from dataclasses import dataclass

from django.core.files.base import ContentFile
from PIL import Image, ImageOps, UnidentifiedImageError

from consent.models import Agreement, Signature
from earlyhelp.accounts.models import User
from earlyhelp.core import clock
from earlyhelp.core.errors import Refused
from families.uploads import on_white

PREFIX = "data:image/png;base64,"
LARGEST = 300_000
WIDEST = 4000
UNREADABLE = "The drawing could not be read. Clear it and sign again, or type the name"
NO_WORDING = (
    "No wording of the form is published yet, so nobody can sign it on screen. Ask your administrator to publish one, or"
    " record that they said so"
)


@dataclass(frozen=True)
class Mark:
    """What someone put under the form: their name, and the drawing when they drew it."""

    name: str
    drawing: ContentFile | None = None


def read_drawing(text: str) -> ContentFile:
    """The drawing that a browser sent, made anew from its pixels; Refused with what to do when it is none."""
    if not text.startswith(PREFIX) or len(text) > LARGEST:
        raise Refused(UNREADABLE)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            with Image.open(io.BytesIO(base64.b64decode(text.removeprefix(PREFIX), validate=True))) as image:
                if image.format != "PNG" or max(image.size) > WIDEST:
                    raise Refused(UNREADABLE)
                paper = on_white(image)
    except (binascii.Error, UnidentifiedImageError, OSError, ValueError, SyntaxError) as error:
        raise Refused(UNREADABLE) from error
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise Refused(UNREADABLE) from error
    if ImageOps.invert(paper).getbbox() is None:
        raise Refused("Nothing is drawn in the box. Sign in it, or type the name")
    out = io.BytesIO()
    paper.convert("L").save(out, format="PNG", optimize=True)
    return ContentFile(out.getvalue())


def sign(*, agreement: Agreement, mark: Mark, actor: User) -> Signature:
    """Put a name under an agreement; `actor` watched. Part of recording it: an agreement on screen counts once signed."""
    if agreement.wording is None:
        raise Refused(NO_WORDING)
    signature = Signature(
        family=agreement.family,
        agreement=agreement,
        person=agreement.person,
        name=mark.name,
        wording=agreement.wording,
        signed_at=clock.now(),
        watched_by=actor,
        created_by=actor,
    )
    if mark.drawing:
        signature.image.save("signature", mark.drawing, save=False)
    signature.save()
    return signature
