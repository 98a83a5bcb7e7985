"""Takes the passages out of one file. A program of its own, which knows nothing of the project: `reading` starts it, gives it
the file, and kills it when it takes too long. What a file holds is never run, and nothing is fetched."""

import io
import json
import re
import resource
import sys
import zipfile
from collections.abc import Iterable, Iterator

MEMORY = 1024**3  # bytes
SECONDS = 10
MOST_PAGES, MOST_CHARACTERS = 400, 400 * 4000
MOST_UNPACKED, MOST_FILES = 200 * 1024**2, 3000  # bytes, and parts, of a packed file
LONGEST = 5000  # of one passage, in characters
CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")
W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"


class NotRead(Exception):
    """Why nothing is taken out, as one word."""


def in_word(data: bytes) -> Iterator[str]:
    """Each paragraph of a Word document, in tables, form fields and text boxes too."""
    from docx import Document

    with zipfile.ZipFile(io.BytesIO(data)) as packed:
        parts = packed.infolist()
        if len(parts) > MOST_FILES or sum(part.file_size for part in parts) > MOST_UNPACKED:
            raise NotRead("bomb")
        names = {part.filename.lower() for part in parts}
        if any(part.flag_bits & 1 for part in parts):
            raise NotRead("locked")
        if any(name.endswith("vbaproject.bin") for name in names):
            raise NotRead("macros")
        if "word/document.xml" not in names:
            raise NotRead("kind")
    try:
        body = Document(io.BytesIO(data)).element.body
    except ValueError as error:  # says that it is something else than a document, or one with macros
        raise NotRead("macros" if "macroEnabled" in str(error) else "kind") from error
    for paragraph in body.iter(f"{W}p"):
        if next(paragraph.iterancestors(FALLBACK), None) is None:
            yield "".join(_words(paragraph))


def _words(paragraph) -> Iterator[str]:  # type: ignore[no-untyped-def]  # noqa: ANN001
    for piece in paragraph.iter(f"{W}t", f"{W}tab", f"{W}br"):
        if next(piece.iterancestors(f"{W}p")) is paragraph:
            yield piece.text or "" if piece.tag == f"{W}t" else " "


def in_pdf(data: bytes) -> Iterator[str]:
    """Each paragraph of a PDF with text, as far as its lines show where one ends."""
    from pypdf import PdfReader

    reader = PdfReader(io.BytesIO(data))
    if reader.is_encrypted and not reader.decrypt(""):
        raise NotRead("locked")
    if len(reader.pages) > MOST_PAGES:
        raise NotRead("long")
    for page in reader.pages:
        yield from in_lines(page.extract_text())


def in_text(data: bytes) -> Iterator[str]:
    """Each paragraph of plain text."""
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        encodings: tuple[str, ...] = ("utf-16",)
    else:
        encodings = ("utf-8-sig", "cp1252")
    for encoding in encodings:
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if CONTROL.search(text.replace("\r", "").replace("\f", "")):
            raise NotRead("kind")
        return in_lines(text)
    raise NotRead("kind")


def in_lines(text: str) -> Iterator[str]:
    """The paragraphs of lines: an empty line parts two; so does a line that ends a sentence well before the right edge."""
    lines = [line.strip() for line in text.replace("\f", "\n\n").splitlines()]
    edge = max(map(len, lines), default=0) * 0.75
    paragraph: list[str] = []
    for line in [*lines, ""]:
        if line:
            paragraph.append(line)
        if paragraph and (not line or (len(line) < edge and line[-1] in ".!?:")):
            yield " ".join(paragraph)
            paragraph = []


def passages(paragraphs: Iterable[str]) -> Iterator[str]:
    """Paragraphs without what can't be kept, none longer than a passage may be."""
    room = MOST_CHARACTERS
    for text in paragraphs:
        text = " ".join(CONTROL.sub(" ", text).split())
        room -= len(text)
        if room < 0:
            raise NotRead("long")
        while len(text) > LONGEST:
            cut = text.rfind(" ", 0, LONGEST)
            cut = cut if cut > 0 else LONGEST
            yield text[:cut]
            text = text[cut:].strip()
        if text:
            yield text


KINDS = {"word": in_word, "pdf": in_pdf, "text": in_text}


def main() -> None:
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    try:
        said = {"passages": list(passages(KINDS[sys.argv[1]](sys.stdin.buffer.read())))}
    except MemoryError:
        said = {"not_read": ["bomb"]}
    except NotRead as not_read:
        said = {"not_read": [str(not_read)]}
    sys.stdout.write(json.dumps(said))


if __name__ == "__main__":
    main()
