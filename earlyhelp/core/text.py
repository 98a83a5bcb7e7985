"""One normaliser for typed text: what nobody can see isn't kept, what a script or an emoji needs is."""

import re
import unicodedata

JOINERS = "\u200c\u200d"
BLACK_FLAG, TAGS = "\U0001f3f4", range(0xE0020, 0xE0080)
# Signs of their category that can be seen: they span the digits that follow
SEEN = frozenset(chr(code) for code in (*range(0x600, 0x606), 0x6DD, 0x70F, 0x890, 0x891, 0x8E2, 0x110BD, 0x110CD))
# Letters and symbols by category that show nothing
BLANK = re.compile(r"[\s\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180d\u2800\u3164\ufe00-\ufe0f\uffa0]*")
NEW_LINES = re.compile(r"\r\n|[\r\u2028\u2029]")


def clean_text(text: str) -> str:
    """`text` in one form (NFC), trimmed, without control, zero-width or direction-override characters; joiners stay where
    they join letters of a script that uses them, or emoji. Empty when nothing of it can be seen."""
    shown = NEW_LINES.sub("\n", text)
    before = ""
    while shown != before:  # what goes may bring letters together that leave nothing for a joiner to do
        before, shown = shown, unicodedata.normalize("NFC", _without_hidden(shown)).strip()
    return "" if BLANK.fullmatch(shown) else shown


def is_number(text: str) -> bool:
    """Whether `text` can be the id of a row: "²" is no number here."""
    return text.isascii() and text.isdecimal() and len(text) < 10


def number(text: str | None) -> int:
    """The id that `text` gives, or nought, which no row has."""
    return int(text) if text and is_number(text) else 0


def _without_hidden(text: str) -> str:
    kept: list[str] = []
    chars = [char for char in text if _may_stay(char)]
    for char, after in zip(chars, [*chars[1:], ""], strict=False):
        before = kept[-1] if kept else ""
        is_idle = char in JOINERS and not (_joins(before) and _joins(after))
        is_stray = ord(char) in TAGS and not (before == BLACK_FLAG or (before and ord(before) in TAGS))
        if not (is_idle or is_stray):
            kept.append(char)
    return "".join(kept)


def clean_line(text: str) -> str:
    """As clean_text, on one line."""
    return re.sub(r"[\n\t]+", " ", clean_text(text))


def _may_stay(char: str) -> bool:
    category = unicodedata.category(char)
    if category in ("Cc", "Cs"):
        return char in "\n\t"
    return category != "Cf" or char in JOINERS or char in SEEN or ord(char) in TAGS


def _joins(char: str) -> bool:
    """Whether a joiner can stand beside it: a letter or mark of a script that joins, or part of an emoji."""
    category = unicodedata.category(char) if char else "Zs"
    if category[0] in "LM":
        return not unicodedata.name(char, "").startswith(("LATIN", "CYRILLIC", "GREEK", "CJK"))
    return category in ("So", "Sk")
