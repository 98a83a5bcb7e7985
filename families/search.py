"""How names are matched: without accents, apostrophes or case, by sound, and by shared trigrams when misspelt.

Row security lets PostgreSQL use an index for equality only, so each way of matching is a key that is stored and
compared whole (access trial, 8).
"""

import re
import unicodedata

import jellyfish

NOT_DECOMPOSED = str.maketrans({"ø": "o", "ł": "l", "đ": "d", "æ": "ae", "œ": "oe", "ß": "ss", "ı": "i"})


def plain(text: str) -> str:
    """Lower case without accents or apostrophes; letters of every script are kept."""
    text = unicodedata.normalize("NFKD", text.casefold())
    text = "".join(c for c in text if not unicodedata.combining(c))
    return re.sub(r"[’'`ʼ‘]", "", text).translate(NOT_DECOMPOSED)


def words(name: str) -> list[str]:
    """The words of a name, plain; a double-barrelled one also as a whole."""
    parts = [w for w in re.split(r"[^\w]+", plain(name)) if w]
    joined = "".join(parts)
    return list(dict.fromkeys([*parts, joined] if len(parts) > 1 and "-" in name else parts))


def sounds(word: str) -> set[str]:
    """How a plain word sounds; a word in another script has no sound here."""
    if not word.isascii():
        return set()
    return {sound for sound in (jellyfish.metaphone(word), jellyfish.soundex(word)) if sound}


def trigrams(word: str) -> set[str]:
    """The overlapping threes of a plain word, with its start marked."""
    padded = f"  {word} "
    return {padded[i : i + 3] for i in range(len(padded) - 2)}


def postcode(text: str) -> str:
    """A postcode in capitals without spaces; "" for none."""
    return re.sub(r"[^A-Z0-9]", "", text.upper())


def likeness(one: str, other: str) -> float:
    """How alike two plain names are, from 0 to 1."""
    return jellyfish.jaro_winkler_similarity(one, other)
