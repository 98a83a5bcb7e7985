"""How names are matched: without accents, apostrophes or case, by sound, by a part, and when misspelt.

Row security lets PostgreSQL use an index for equality only. So the words that a search may mean are found first, among those
of all names (`services.names`), and then whole words are compared (access trial, 8).
"""

import re
import unicodedata

import jellyfish

NOT_DECOMPOSED = str.maketrans({"ø": "o", "ł": "l", "đ": "d", "æ": "ae", "œ": "oe", "ß": "ss", "ı": "i"})


def plain(text: str) -> str:
    """Lower case without accents or apostrophes; letters of every script are kept."""
    text = text.casefold()
    if not text.isascii():
        text = "".join(c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c))
    return re.sub(r"[’'`ʼ‘]", "", text).translate(NOT_DECOMPOSED)


def parts(name: str) -> list[str]:
    """The words of a name, plain, each once."""
    return list(dict.fromkeys(w for w in re.split(r"[^\w]+", plain(name)) if w))


def words(name: str) -> list[str]:
    """The words of a name, plain; a double-barrelled one also as a whole."""
    found = parts(name)
    joined = "".join(found)
    return list(dict.fromkeys([*found, joined] if len(found) > 1 and "-" in name else found))


def sounds(word: str) -> set[str]:
    """How a plain word sounds; a word in another script has no sound here."""
    if not word.isascii():
        return set()
    return {sound for sound in (jellyfish.metaphone(word), jellyfish.soundex(word)) if sound}


def spelt(word: str) -> str:
    """A plain word in ASCII, letter by letter: trigrams of other letters hang on the database's locale."""
    return "".join(letter if letter.isascii() else f"{ord(letter):x}" for letter in word)


def postcode(text: str) -> str:
    """A postcode in capitals without spaces; "" for none."""
    return re.sub(r"[^A-Z0-9]", "", text.upper())


def likeness(one: str, other: str) -> float:
    """How alike two plain names are, from 0 to 1."""
    return jellyfish.jaro_winkler_similarity(one, other)


def meets(asked: str, known: str) -> float:
    """How well a word that is asked for meets one of a name, from 0 to 1: a part of it counts, and so does its sound."""
    if asked == known:
        return 1.0
    if len(asked) >= 2 and known.startswith(asked):
        return 0.95
    alike = likeness(asked, known)
    if len(asked) >= 3 and sounds(asked) & sounds(known):
        return max(alike, 0.85)
    if len(asked) >= 3 and asked in known:
        return 0.85
    return alike if alike >= 0.86 else 0.0
