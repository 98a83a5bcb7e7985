"""What decisions rest on, a birth date and parental responsibility: what follows is said before it is changed, and a change
by someone who doesn't lead waits for whoever does."""

import copy
from collections.abc import Callable, Iterable
from datetime import date
from typing import Any

from django.db import transaction

from earlyhelp.access.identity import acting_as_system
from earlyhelp.accounts.models import User
from earlyhelp.core import clock
from earlyhelp.core.errors import Refused
from families import notices
from families.models import Person, Relationship, WaitingChange
from families.services.running import runner_of

DECISIVE = ("kind", "date_of_birth", "born")
YES = Relationship.Responsibility.YES

# What follows, in sentences: from a person as they are and as they would be; and from a relation, before and after
FROM_BIRTH: list[Callable[[Person, Person], Iterable[str]]] = []
FROM_RELATION: list[Callable[[Person, Person, str, str], Iterable[str]]] = []


def decisive(person: Person, fields: dict[str, Any]) -> dict[str, Any]:
    """Those of some new values on which decisions rest, and which differ."""
    found = {name: fields[name] for name in DECISIVE if name in fields and fields[name] != getattr(person, name)}
    if "kind" in found and "due_date" in fields:
        found["due_date"] = fields["due_date"]
    return found


def from_birth(person: Person, fields: dict[str, Any]) -> list[str]:
    """What follows if someone's kind or birth date is changed."""
    if not (changed := decisive(person, fields)):
        return []
    then = copy.copy(person)
    for name, value in changed.items():
        setattr(then, name, value)
    with acting_as_system("what follows from a change of someone"):
        return [text for follows in FROM_BIRTH for text in follows(person, then)]


def responsibility(person: Person, to_person: Person) -> str:
    """What is recorded of someone's parental responsibility for another."""
    known = Relationship.objects.filter(person=person, to_person=to_person)
    return known.values_list("parental_responsibility", flat=True).first() or Relationship.Responsibility.UNKNOWN


def from_relation(person: Person, to_person: Person, after: str) -> list[str]:
    """What follows if someone's parental responsibility is changed."""
    before = responsibility(person, to_person)
    if (before == YES) == (after == YES):
        return []
    with acting_as_system("what follows from a change of someone"):
        return [text for follows in FROM_RELATION for text in follows(person, to_person, before, after)]


@transaction.atomic
def propose(
    *, person: Person, actor: User, fields: dict[str, Any], words: str, to_person: Person | None = None
) -> WaitingChange:
    """Leave a change to whoever leads, and tell them."""
    said = {name: value.isoformat() if isinstance(value, date) else value for name, value in fields.items()}
    found, made = WaitingChange.objects.get_or_create(
        family_id=person.family_id,
        person=person,
        to_person=to_person,
        fields=said,
        status=WaitingChange.Status.WAITING,
        defaults={"words": words, "created_by": actor},
    )
    if made:
        with acting_as_system("who decides on a change"):
            runner = runner_of(person.family.episode())
        if runner:
            notices.ChangeWaits.tell([runner.user], about=person.family, key=found.pk)
    return found


def values(waiting: WaitingChange) -> dict[str, Any]:
    """What a person's fields are to be."""
    days = {name: waiting.fields.get(name) for name in ("date_of_birth", "due_date")}
    return waiting.fields | {name: date.fromisoformat(day) for name, day in days.items() if day}


@transaction.atomic
def decide(*, waiting: WaitingChange, make: bool, actor: User) -> None:
    """Make the change, or don't; whoever proposed it is told."""
    status = WaitingChange.Status.MADE if make else WaitingChange.Status.NOT_MADE
    decided = WaitingChange.objects.filter(pk=waiting.pk, status=WaitingChange.Status.WAITING).update(
        status=status, decided_by=actor, decided_at=clock.now()
    )
    if not decided:
        raise Refused("This was decided already.")
    if make and waiting.to_person:
        Relationship.objects.filter(person=waiting.person, to_person=waiting.to_person).update(**waiting.fields)
    elif make:
        waiting.person.save_version(waiting.person.version, values(waiting))
    if waiting.created_by:
        notices.ChangeDecided.tell({waiting.created_by} - {actor}, about=waiting.family, key=waiting.pk)
