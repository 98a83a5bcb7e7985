"""What social care wrote, read from the file that it came in: by a program of its own, which is killed when it takes too long."""

import json
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from django.core.files.base import ContentFile
from django.core.files.uploadedfile import UploadedFile

from earlyhelp.core.errors import Refused
from families.uploads import Scan
from stepdown import extract

MOST_MB = 20
PACKED, OLD_OFFICE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
MACROS = b"vbaProject"  # the name of a part, which stands in a broken file too
LOCKED_IN_OFFICE = "EncryptedPackage\0".encode("utf-16-le")  # the name of an entry of its directory
TYPES = {
    "word": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "pdf": "application/pdf",
    "text": "text/plain",
}
OR_PASTE = "or paste the passages that you need"
REFUSED = {
    "kind": f"The file must be a Word document (DOCX), a PDF or plain text. Save it as one of these, {OR_PASTE}",
    "old": f"This is a file of an old Word (DOC). Save it as DOCX, {OR_PASTE}",
    "macros": f"This document holds macros, which are programs. Save it as DOCX without them, {OR_PASTE}",
    "bomb": f"This document unpacks to far more than a report holds. Save it as PDF, {OR_PASTE}",
}
UNREADABLE = {
    "locked": "It is locked with a password, so its text can’t be read here.",
    "long": "It is longer than 400 pages, so its text isn’t read here.",
    "no_text": "It holds no text: it may be a scan.",
    "damaged": "Its text could not be read: it may be damaged.",
    "slow": "Reading its text took too long.",
}


@dataclass(frozen=True)
class Read:
    """A file that was looked into: what to store, its passages, or why it has none that can be read."""

    scan: Scan
    passages: tuple[str, ...] = ()
    unreadable: str = ""


def read(upload: UploadedFile) -> Read:
    """The passages of a Word document, a PDF or a plain text, in their order. What is no such file, or may do harm, is Refused;
    what can't be read is kept, with why."""
    if (upload.size or 0) > MOST_MB * 1024**2:
        raise Refused(f"The file must be smaller than {MOST_MB} MB. Leave its pictures out, {OR_PASTE}")
    data = upload.read()
    kind = _kind(data)
    scan = Scan(ContentFile(data), TYPES[kind], len(data))
    if kind == "word" and MACROS in data:
        raise Refused(REFUSED["macros"])
    if kind == "word" and data.startswith(OLD_OFFICE):
        return Read(scan, unreadable=UNREADABLE["locked"])
    passages, problem = _extracted(kind, data)
    if problem in REFUSED:
        raise Refused(REFUSED[problem])
    return Read(scan, passages, "" if passages else UNREADABLE[problem or "no_text"])


def _kind(data: bytes) -> str:
    if data.startswith(PACKED):
        return "word"
    if data.startswith(OLD_OFFICE):
        if LOCKED_IN_OFFICE in data:
            return "word"
        raise Refused(REFUSED["old"])
    return "pdf" if data[:1024].find(b"%PDF-") >= 0 else "text"


def _extracted(kind: str, data: bytes) -> tuple[tuple[str, ...], str]:
    """The passages; and in one word why there are none."""
    command = [sys.executable, "-I", "-B", str(Path(extract.__file__)), kind]
    try:
        done = subprocess.run(  # noqa: S603  our own program, and one of three words
            command, input=data, capture_output=True, timeout=extract.SECONDS, env={}, check=False
        )
    except subprocess.TimeoutExpired:
        return (), "slow"
    if done.returncode != 0:
        return (), "damaged"
    said = json.loads(done.stdout)
    return tuple(said.get("passages", ())), "".join(said.get("not_read", ()))
