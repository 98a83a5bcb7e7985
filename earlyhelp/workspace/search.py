"""Finding families by name, reference, date of birth or postcode, among those that the asker may know of."""

import re
from dataclasses import dataclass
from datetime import date

from django.db.models import Count

from families import search
from families.forms.people import POSTCODE
from families.models import Family, Person, SearchKey
from families.references import read_reference

MOST = 200
ENOUGH = 0.8
Kind = SearchKey.Kind
DATE = re.compile(r"(\d{1,2})[ /.-](\d{1,2})[ /.-](\d{4})")


@dataclass(frozen=True)
class Hit:
    family: Family
    people: tuple[Person, ...]
    score: float


def find(text: str) -> list[Hit]:
    """The families that match, best first; every query passes row security, and so finds only what may be seen."""
    text = text.strip()
    if reference := read_reference(text):
        return [Hit(f, (), 1.0) for f in Family.objects.filter(reference=reference).select_related("locality")]
    if match := DATE.fullmatch(text):
        day, month, year = map(int, match.groups())
        try:
            return _by_key(Kind.BORN, date(year, month, day).isoformat())
        except ValueError:
            return []
    if POSTCODE.fullmatch(search.postcode(text)):
        return _by_key(Kind.POSTCODE, search.postcode(text))
    return _by_name(text)


def _by_key(kind: str, key: str) -> list[Hit]:
    people = Person.objects.filter(search_keys__kind=kind, search_keys__key=key).distinct()[:MOST]
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
