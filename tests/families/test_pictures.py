"""Pictures that are too much, or damaged: refused at once, with what to do."""

import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from earlyhelp.core.errors import Refused
from families.uploads import read_scan


def png(width: int, height: int) -> bytes:
    """A picture of one-bit pixels: small as a file, enormous when it is opened."""
    out = io.BytesIO()
    Image.new("1", (width, height)).save(out, format="PNG")
    return out.getvalue()


def noise(kind: str) -> bytes:
    out = io.BytesIO()
    Image.effect_noise((60, 50), 90).convert("RGB").save(out, format=kind)
    return out.getvalue()


@pytest.mark.parametrize(
    ("made", "says"),
    [
        (lambda: png(9400, 9400), "must have fewer than 40 million pixels"),
        (lambda: noise("HEIF")[:2000], "can’t be read: it may be damaged. Choose it again"),
        (lambda: noise("PNG")[:1200], "can’t be read: it may be damaged. Choose it again"),
    ],
    ids=["enormous", "heic cut in the middle", "png cut short"],
)
def test_a_picture_that_is_too_much_or_damaged_is_refused_with_what_to_do(db, made, says):
    with pytest.raises(Refused, match=says):
        read_scan(SimpleUploadedFile("scan", made()))
