"""Finding families by name, reference, date of birth or postcode, among those that the asker may know of."""

import re
from calendar import month_name
from dataclasses import dataclass, replace
from datetime import date
from statistics import fmean
from typing import Any

from django.db import connection
from django.db.models import Exists, OuterRef, QuerySet

from earlyhelp.accounts.models import User
from earlyhelp.core.prepared import Among, Prepared
from earlyhelp.workspace import caseload
from earlyhelp.workspace.models import CaseloadEntry
from families import search
from families.forms.people import POSTCODE
from families.models import Family, Person, SearchKey
from families.references import read_reference
from families.services import names
from families.services.people import BORN_KEYS

SHOWN, MOST = 25, 200
ENOUGH = 0.8
BEST_FIRST = (1.0, 0.95, 0.0)  # how well each word is met, at least: those are looked for first
PEOPLE = 8  # of a family, who are called the same
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


def _called_something(families: Any) -> QuerySet[Person]:
    keys = SearchKey.objects.filter(kind=Kind.NAME, person=OuterRef("pk"))
    return Person.objects.filter(Exists(keys), Among("family", families))


def _keys(user: Any, *, few: bool) -> QuerySet[SearchKey]:
    """From the families of who sees few on, rather than through everybody's."""
    keys = SearchKey.objects.order_by()
    return keys.filter(family__in=caseload.seen(user).values("family")) if few else keys


def _by_word(*, few: bool, many: bool) -> Prepared[int]:
    """The families in which a word of a name is one of some, those that meet it best first."""
    most = (MOST if many else SHOWN) * PEOPLE + PEOPLE

    def build(user: Any, best: Any, good: Any, alike: Any) -> QuerySet[Any, int]:
        keys = _keys(user, few=few).filter(kind=Kind.NAME)
        tiers = (best, good, alike)
        each = [keys.filter(Among("key", words)).values_list("family", flat=True)[:most] for words in tiers]
        return each[0].union(*each[1:], all=True)[:most]

    return Prepared(build)


def _by_kind(*, few: bool, many: bool) -> Prepared[int]:
    """The people with one of some keys of a kind."""
    most = (MOST if many else SHOWN) * PEOPLE + PEOPLE
    return Prepared(
        lambda user, kind, asked: (
            _keys(user, few=few).filter(Among("key", asked), kind=kind).values_list("person", flat=True)[:most]
        )
    )


EACH_WAY = [(few, many) for few in (True, False) for many in (True, False)]
BY_WORD = {way: _by_word(few=way[0], many=way[1]) for way in EACH_WAY}
BY_KEY = {way: _by_kind(few=way[0], many=way[1]) for way in EACH_WAY}
LINES = Prepared(lambda families: CaseloadEntry.objects.filter(Among("family", families)))
BY_REFERENCE = Prepared(lambda reference: Family.objects.filter(reference=reference).select_related("locality"))
FAMILIES = Prepared(lambda ids: Family.objects.filter(Among("pk", ids)).select_related("locality"))
PERSONS = Prepared(lambda ids: Person.objects.filter(Among("pk", ids)).select_related("family__locality"))
CALLED = Prepared(_called_something)


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


def find(text: str, user: User, *, most: int = SHOWN) -> list[Hit]:
    """The families that match, best first, each with how it stands: at most so many, and one more if there are more. Every query
    passes row security, and so finds only what may be seen; of many who match as well, which are found isn't said."""
    hits = _find(text.strip(), user, most + 1)[: most + 1]
    lines = {line.pk: line for line in LINES([hit.family.pk for hit in hits])}
    return [replace(hit, line=lines.get(hit.family.pk)) for hit in hits]


def _find(text: str, user: User, most: int) -> list[Hit]:
    if reference := read_reference(text):
        return [Hit(family, (), 1.0) for family in BY_REFERENCE(reference)]
    if keys := born_keys(text):
        return _by_key(user, Kind.BORN, keys, most)
    if POSTCODE.fullmatch(search.postcode(text)):
        return _by_key(user, Kind.POSTCODE, [search.postcode(text)], most)
    return _by_name(user, search.parts(text), most)


def _by_key(user: User, kind: str, asked: list[str], most: int) -> list[Hit]:
    found = BY_KEY[caseload.sees_few(user), most > SHOWN + 1](user, kind, asked)
    families: dict[Family, list[Person]] = {}
    for person in PERSONS(found):
        families.setdefault(person.family, []).append(person)
    return sorted((Hit(family, tuple(people), 1.0) for family, people in families.items()), key=_best_first)


def _by_name(user: User, asked: list[str], most: int) -> list[Hit]:
    """Families in which each word that is asked for is met by a word of a name, and then whom of them all words together mean."""
    if not asked:
        return []
    meant = [names.alike(word) for word in asked]
    if len(asked) > 1:
        found = _called(meant, most * 2)
    else:
        tiers = [[word for word, score in meant[0].items() if score >= least] for least in BEST_FIRST]
        met = BY_WORD[caseload.sees_few(user), most > SHOWN + 1](user, *tiers)
        found = list(dict.fromkeys(met))[:most]
    people: dict[int, list[Person]] = {}
    for person in CALLED(found):
        people.setdefault(person.family_id, []).append(person)
    hits = (_hit(family, people.get(family.pk, []), asked) for family in FAMILIES(found))
    return sorted(filter(None, hits), key=_best_first)


def _called(meant: list[dict[str, float]], most: int) -> list[int]:
    """The families that the asker may know of, best first: of those in which all words are met, so that of many with one of them
    few are looked at."""
    if not all(meant):
        return []
    pairs = [(number, word, score) for number, words in enumerate(meant) for word, score in words.items()]
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT c.family_id FROM families_called(%s::int[], %s::text[], %s::real[]) c"
            " WHERE EXISTS (SELECT 1 FROM families_family f WHERE f.id = c.family_id)"
            " ORDER BY c.score DESC, c.family_id LIMIT %s",
            [*(list(column) for column in zip(*pairs, strict=True)), most],
        )
        return [pk for (pk,) in cursor.fetchall()]


def _hit(family: Family, people: list[Person], asked: list[str]) -> Hit | None:
    """The family, with whom of its people the words mean: their names meet one, and with the family's all of them."""
    scores: dict[Person, float] = {}
    by_family = _meets(asked, [family.name])
    for person in people:
        own = _meets(asked, [person.first_name, person.last_name, person.known_as, *person.other_names])
        if any(own) and (score := fmean(map(max, own, by_family))) >= ENOUGH:
            scores[person] = score
    best = max([fmean(by_family), *scores.values()])
    return Hit(family, tuple(scores), best) if best >= ENOUGH else None


def _meets(asked: list[str], called: list[str]) -> list[float]:
    """How well each asked word meets one of some names."""
    known = {word for name in called for word in search.words(name)}
    return [max((search.meets(word, k) for k in known), default=0.0) for word in asked]


def _best_first(hit: Hit) -> tuple[float, str, str]:
    return (-hit.score, hit.family.name, hit.family.reference)
