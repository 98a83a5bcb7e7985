"""Words of the record that name someone of whom an agency isn't to know, before its people come to read them."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.db.models import CharField, TextField

from consent.models import Tier
from consent.word import FamilysWord
from earlyhelp.access.models import FamilyRecord
from earlyhelp.accounts.models import Agency
from families.models import Family

AROUND = 50  # characters shown on each side of a name


@dataclass(frozen=True)
class Passage:
    """What it is, the name of the page where it stands, and the words around the name."""

    what: str
    page: str
    words: str


def texts() -> Iterator[tuple[type[FamilyRecord], list[str]]]:
    """Every table with a page where the team reads it, and its columns in which somebody writes."""
    for model in apps.get_models():
        if issubclass(model, FamilyRecord) and model.stands_at:
            fields = [field for field in model._meta.concrete_fields if isinstance(field, TextField | CharField)]
            yield model, [field.name for field in fields if not field.choices]


def passages(*, family: Family, agency: Agency) -> list[Passage]:
    """What the people of `agency` would read that names someone who told it nothing, as far as the asker may read it."""
    word = FamilysWord.of(family)
    people = list(family.everyone())
    unknown = [person for person in people if word.held((person.pk, agency.pk)).tier == Tier.NONE]
    if not unknown:
        return []
    names = "|".join(re.escape(name) for person in unknown for name in {person.first_name, person.known_as} if name)
    named = re.compile(rf"(?<!\w)(?:{names})(?!\w)", re.IGNORECASE)
    withheld = {person.pk for person in people if word.held((person.pk, agency.pk)).tier < Tier.ADDITIONAL}
    found = []
    for model, columns in texts():
        for row in model._default_manager.filter(family=family):
            if not _would_read(row, agency, withheld):
                continue
            for column in columns:
                if said := named.search(getattr(row, column)):
                    found.append(Passage(_what(model), model.stands_at, _around(getattr(row, column), said)))
    return found


def _would_read(row: Any, agency: Agency, withheld: set[int]) -> bool:
    security = row.security
    about = {getattr(row, column) for column in security.person} | set(getattr(row, security.people or "", None) or [])
    narrowed = security.narrowed and getattr(row, security.narrowed) is not None
    apart = security.agency and getattr(row, security.agency) not in (None, agency.pk)
    return not (about & withheld or narrowed or apart)


def _what(model: type[FamilyRecord]) -> str:
    return str(model._meta.verbose_name).capitalize()


def _around(text: str, said: re.Match[str]) -> str:
    start, end = max(said.start() - AROUND, 0), said.end() + AROUND
    return f"{'… ' if start else ''}{' '.join(text[start:end].split())}{' …' if end < len(text) else ''}"
