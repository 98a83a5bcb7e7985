"""Letters as WeasyPrint needs them: which way they run, and one font for each word."""

import re
import unicodedata
from xml.etree.ElementTree import Element

RIGHT_TO_LEFT = {"ar", "ckb", "dv", "fa", "he", "ps", "sd", "syr", "ug", "ur", "yi"}
# A letter with marks typed after it, or a Korean syllable typed in parts: drawn as one when it is one character
IN_PARTS = re.compile(r"[^\W\d_][\u0300-\u036f]+|[\u1100-\u11ff]+")
# A word with a Latin letter, or a mark on a letter, that Atkinson Hyperlegible Next lacks
OTHER_LATIN = re.compile(
    r"(\S*[\u0180-\u0217\u021c-\u024f\u0250-\u02af\u0300-\u036f\u1e00-\u1e7f\u1e86-\u1ef1\u1ef4-\u1eff]\S*)"
)


def in_whole_letters(html: str) -> str:
    """A letter with marks typed after it is drawn as one when it is one character."""
    return IN_PARTS.sub(lambda found: unicodedata.normalize("NFC", found[0]), html)


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
