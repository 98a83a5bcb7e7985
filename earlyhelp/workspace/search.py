"""Finding families by name, reference, date of birth or postcode, among those that the asker may know of."""

import re
from calendar import month_name
from dataclasses import dataclass, replace
from datetime import date

from django.db.models import Count

from earlyhelp.workspace.models import CaseloadEntry
from families import search
from families.forms.people import POSTCODE
from families.models import Family, Person, SearchKey
from families.references import read_reference
from families.services.people import BORN_KEYS

MOST = 200
ENOUGH = 0.8
Kind = SearchKey.Kind
MONTHS = [name.lower() for name in month_name]
BEFORE = r"(?:(?:born|due|about|on|date of birth:?|mon|tues?|wed(?:nes)?|thur?s?|fri|sat(?:ur)?|sun)(?:day)?,? )*"
NUMBERS = re.compile(BEFORE + r"(\d{1,2})[ /.-](\d{1,2})[ /.-](\d{4})")
BACKWARDS = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})")
IN_WORDS = re.compile(BEFORE + r"(?:(\d{1,2})(?:st|nd|rd|th)? )?([a-z]{3,9}),? (\d{4})")
YEAR = re.compile(BEFORE + r"(\d{4})")


@dataclass(frozen=True)
class Hit:
    family: Family
    people: tuple[Person, ...]
    score: float
    line: CaseloadEntry | None = None


def born_keys(text: str) -> list[str]:
    """What dates of birth are found by, of a date in any form that a page, a print or a person writes: "9 June 2017",
    "Fri 9 Jun 2017", "born June 2017", "due 3 March 2027", "9/6/2017", "2017-06-09", "about 2017". Empty when it is none."""
    text = " ".join(text.lower().split())
    parts: tuple[int, int, int]
    born: str = Person.Born.EXACT
    if found := NUMBERS.fullmatch(text):
        parts = (int(found[3]), int(found[2]), int(found[1]))
    elif found := BACKWARDS.fullmatch(text):
        parts = (int(found[1]), int(found[2]), int(found[3]))
    elif found := YEAR.fullmatch(text):
        parts, born = (int(found[1]), 1, 1), Person.Born.YEAR
    elif found := IN_WORDS.fullmatch(text):
        month = next((n for n, name in enumerate(MONTHS) if n and name.startswith(found[2])), 0)
        parts = (int(found[3]), month, int(found[1] or 1))
        born = Person.Born.EXACT if found[1] else Person.Born.MONTH
    else:
        return []
    try:
        key = date(*parts).strftime(BORN_KEYS[born])
    except ValueError:
        return []
    return [key, f"due {key}"] if born == Person.Born.EXACT else [key]


def find(text: str) -> list[Hit]:
    """The families that match, best first, each with how it stands; every query passes row security, and so finds only what
    may be seen."""
    hits = _find(text.strip())
    entries = CaseloadEntry.objects.filter(family__in=[hit.family.pk for hit in hits]).select_related("runner")
    lines = {line.pk: line for line in entries}
    return [replace(hit, line=lines.get(hit.family.pk)) for hit in hits]


def _find(text: str) -> list[Hit]:
    if reference := read_reference(text):
        return [Hit(f, (), 1.0) for f in Family.objects.filter(reference=reference).select_related("locality")]
    if keys := born_keys(text):
        return _by_key(Kind.BORN, *keys)
    if POSTCODE.fullmatch(search.postcode(text)):
        return _by_key(Kind.POSTCODE, search.postcode(text))
    return _by_name(text)


def _by_key(kind: str, *keys: str) -> list[Hit]:
    people = Person.objects.filter(search_keys__kind=kind, search_keys__key__in=keys).distinct()[:MOST]
    return _hits(dict.fromkeys(people.select_related("family__locality"), 1.0))


def _by_name(text: str) -> list[Hit]:
    asked = search.words(text)
    if not asked:
        return []
    sounds = {sound for word in asked for sound in search.sounds(word)}
    parts = {part for word in asked for part in search.trigrams(word)}
    by_parts = SearchKey.objects.filter(kind=Kind.TRIGRAM, key__in=parts).values("family", "person")
    counted = by_parts.annotate(shared=Count("pk")).order_by("-shared", "family", "person")[:MOST]
    keyed = SearchKey.objects.filter(kind=Kind.NAME, key__in=asked) | SearchKey.objects.filter(
        kind=Kind.SOUND, key__in=sounds
    )
    rows = [*counted, *keyed.order_by("kind", "family", "person").values("family", "person")[: 2 * MOST]]
    people = Person.objects.filter(pk__in={row["person"] for row in rows if row["person"]})
    scores = {p: _score(asked, _names(p)) for p in people.select_related("family__locality")}
    hits = {hit.family: hit for hit in _hits({p: score for p, score in scores.items() if score >= ENOUGH})}
    for family in Family.objects.filter(pk__in={row["family"] for row in rows}).select_related("locality"):
        score = _score(asked, [family.name])
        if score >= ENOUGH and family not in hits:
            hits[family] = Hit(family, (), score)
    return sorted(hits.values(), key=_best_first)


def _names(person: Person) -> list[str]:
    return [person.first_name, person.last_name, person.known_as, *person.other_names]


def _score(asked: list[str], names: list[str]) -> float:
    """How well each asked word meets one of the names', on the whole: a part of a name counts, so does its sound."""
    known = {word for name in names for word in search.words(name)}
    return sum(max((_match(a, k) for k in known), default=0.0) for a in asked) / len(asked)


def _best_first(hit: Hit) -> tuple[float, str, str]:
    return (-hit.score, hit.family.name, hit.family.reference)


def _match(asked: str, known: str) -> float:
    if asked == known:
        return 1.0
    if len(asked) >= 2 and known.startswith(asked):
        return 0.95
    likeness = search.likeness(asked, known)
    if len(asked) >= 3 and search.sounds(asked) & search.sounds(known):
        return max(likeness, 0.85)
    if len(asked) >= 3 and asked in known:
        return 0.85
    return likeness if likeness >= 0.86 else 0.0


def _hits(scores: dict[Person, float]) -> list[Hit]:
    families: dict[int, list[tuple[Person, float]]] = {}
    for person, score in scores.items():
        families.setdefault(person.family_id, []).append((person, score))
    hits = [
        Hit(rows[0][0].family, tuple(p for p, _ in rows), max(score for _, score in rows)) for rows in families.values()
    ]
    return sorted(hits, key=_best_first)
