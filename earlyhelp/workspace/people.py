"""The people of a family at a glance, and whatever to take care of before ringing, writing or speaking with anyone."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef, QuerySet, Subquery
from django.db.models.functions import JSONObject

from consent.models import Agreement, Competence
from consent.services.competence import decides_alone
from earlyhelp.access.actions import Asker
from earlyhelp.access.case import Case
from earlyhelp.core.prepared import Prepared
from earlyhelp.procedures.services import procedure_in_force
from families.care import care_asked_for, care_of, with_care
from families.case import episode
from families.genogram import Genogram, drawn, genogram
from families.models import Person, Relationship, Request

COLOURS = {"given": "green", "refused": "red", "withdrawn": "red"}
SAID_NO = {"refused": "did not agree", "withdrawn": "took their agreement back"}


@dataclass(frozen=True)
class Line:
    """Someone of the family: their own word to the open episode, as far as the asker may know it, and their warnings."""

    person: Person
    word: str
    colour: str
    warnings: tuple[str, ...]


def everyone(case: Case) -> list[Person]:
    """Whoever is or was of the family, with what their lines say and how they are related: one question for all of them."""
    return EVERYONE(case.family, episode(case))


def _everyone(family: Any, episode: Any) -> QuerySet[Person]:
    their = {"person": OuterRef("pk")}
    said = Agreement.objects.filter(**their, episode=episode).order_by("-pk")
    related = Relationship.objects.filter(**their).order_by("pk")
    return with_care(Person.objects.of(family)).annotate(
        decision=Subquery(said.values("decision")[:1]),
        judged=Subquery(Competence.objects.filter(**their).order_by("-pk").values("competent")[:1]),
        related=ArraySubquery(related.values(said=JSONObject(to_person_id="to_person_id", kind="kind"))),
    )


EVERYONE = Prepared(_everyone)


def lines(people: Iterable[Person], asker: Asker) -> list[Line]:
    """Those of everyone who are part of the family's help now, children first."""
    age = procedure_in_force().ages.own_word
    found = [_line(person, asker, from_age=age) for person in people if not person.has_left]
    return sorted(found, key=lambda line: line.person.kind == Person.Kind.ADULT)


def drawing(people: Sequence[Person]) -> Genogram | None:
    """Everyone drawn, once somebody has said how any of them are related."""
    relations = [
        Relationship(person_id=person.pk, **said)
        for person in people
        for said in person.related  # type: ignore[attr-defined]
    ]
    return genogram(drawn(people), relations) if relations else None


def _line(person: Person, asker: Asker, *, from_age: int) -> Line:
    decision: str | None = person.decision  # type: ignore[attr-defined]
    word = Agreement.Decision(decision).label if decision else ""
    if not decision and asker.knows_more_of(person.pk) and _is_asked(person, from_age):
        word = "Not asked yet"
    return Line(person, word, COLOURS.get(decision or "", "grey"), tuple(_warnings(person, decision)))


def _is_asked(person: Person, from_age: int) -> bool:
    """Whether their own word is asked for: not of adults who live elsewhere, and whom nothing is shared about."""
    judged: bool | None = person.judged  # type: ignore[attr-defined]
    judgement = None if judged is None else Competence(competent=judged)
    apart = person.kind == Person.Kind.ADULT and person.home == Person.Home.ELSEWHERE
    return not apart and decides_alone(person, judgement, from_age=from_age)


def _warnings(person: Person, decision: str | None) -> Iterator[str]:
    yield from care_of(person)
    if decision in SAID_NO:
        yield f"{person.short_name} {SAID_NO[decision]}: nothing about them is shared"


def warnings(shown: Iterable[Line], requests: Iterable[Request]) -> list[str]:
    """Those of everyone, after whom the requests say must not be told."""
    return [*care_asked_for(requests), *(text for line in shown for text in line.warnings)]
