"""People of a family, their contact details, and the keys by which they are found."""

import re
from collections.abc import Iterable, Sequence
from datetime import date
from itertools import islice
from typing import Any

from django.db import connection, transaction
from django.db.models import F

from earlyhelp.access.identity import acting_as_system
from earlyhelp.accounts.models import User
from earlyhelp.core import clock
from earlyhelp.core.errors import Refused
from families import notices, search
from families.models import (
    Address,
    ContactDetail,
    Family,
    Person,
    PersonDetails,
    Relationship,
    SearchKey,
    WaitingChange,
)
from families.services import names, waiting

PARENT = re.compile(r"\b(?:mother|father|mum|mam|dad|parent|carer|guardian)\b")
YOUNGEST_PARENT = 13
MANY = 20_000  # rows at once


@transaction.atomic
def add_person(
    *,
    family: Family,
    actor: User,
    details: dict[str, Any] | None = None,
    right_because: str = "",
    **fields: Any,
) -> Person:
    """Add someone to the family. Nobody but those who run its support sees them until their sharing is recorded. One with
    the name and birth date of another needs to be right for a reason, which is kept."""
    if not right_because and (same := _same(family, fields)):
        raise Refused(
            f"{same.name}, {same.born_words}, is in the family already. Go back, or say why this is someone else",
            field="right_because",
        )
    details = (details or {}) | ({"notes": f"Not the other of this name: {right_because}"} if right_because else {})
    person = Person.objects.create(family=family, created_by=actor, **fields)
    PersonDetails.objects.create(family=family, person=person, created_by=actor, **(details or {}))
    index(person)
    return person


def _same(family: Family, fields: dict[str, Any]) -> Person | None:
    """Who of the family has the very names and birth date of someone who is to be added."""

    def names(of: Any) -> tuple[str, ...]:
        return tuple(search.plain(of(name) or "") for name in ("first_name", "last_name"))

    if not fields.get("first_name"):
        return None
    alike = family.people().filter(date_of_birth=fields.get("date_of_birth"))
    asked = names(fields.get)
    return next((person for person in alike if names(lambda name, p=person: getattr(p, name)) == asked), None)


@transaction.atomic
def change_person(
    *, person: Person, version: int, actor: User, details: dict[str, Any], confirmed: bool = False, **fields: Any
) -> None:
    """Change who someone is and what is known of them, unless someone else did since `version`. What follows for whose word
    it is has to be `confirmed`."""
    _confirm(waiting.from_birth(person, fields), confirmed=confirmed)
    told = PersonDetails.objects.get(person=person)
    person.save_version(version, fields)
    told.save_version(version, details)
    person.refresh_from_db()
    index(person)


@transaction.atomic
def change_more(*, person: Person, version: int, actor: User, answers: dict[str, str]) -> None:
    """Keep what someone said of themselves, or why there is no answer, unless someone else did since `version`."""
    told = PersonDetails.objects.get(person=person)
    answers = dict(answers)
    gender = answers.pop("gender")
    told.save_version(version, answers)
    if gender != person.gender:
        Person.objects.filter(pk=person.pk).update(gender=gender, version=F("version") + 1)


def _confirm(follows: list[str], *, confirmed: bool) -> None:
    if follows and not confirmed:
        raise Refused(f"{' '.join(follows)} Check it, and tick that it is right", field="confirmed")


@transaction.atomic
def decide_change(*, change: WaitingChange, make: bool, actor: User) -> None:
    """Make a change that waited for the lead, or don't."""
    if make and change.to_person:
        relation = Relationship.objects.filter(person=change.person, to_person=change.to_person).first()
        if relation is None:
            raise Refused("That relation isn’t recorded any more. Leave it as it is, or record it anew.")
        check_relation(
            change.person, change.to_person, kind=relation.kind, right_because=relation.right_because or "As recorded",
            **change.fields,
        )  # fmt: skip
    waiting.decide(waiting=change, make=make, actor=actor)
    notices.ChangeWaits.settle(change.pk)
    if make:
        index(Person.objects.get(pk=change.person_id))


def odd_relation(person: Person, to_person: Person, *, kind: str, parental_responsibility: str) -> list[str]:
    """What is odd about a relation, as questions: each may be right all the same."""
    born, theirs = person.born_range, to_person.born_range
    has_it = parental_responsibility == Relationship.Responsibility.YES
    found = []
    if PARENT.search(kind.lower()) or has_it:
        if born and theirs and born[0] >= theirs[1]:
            found.append(f"{person.short_name} is younger than {to_person.short_name}.")
        back = Relationship.objects.filter(person=to_person, to_person=person)
        if any(PARENT.search(row.kind.lower()) for row in back):
            found.append(f"{to_person.short_name} is recorded as a parent of {person.short_name} already.")
    return found


def check_relation(
    person: Person, to_person: Person, *, kind: str, parental_responsibility: str, right_because: str
) -> None:
    """What is odd about a relation has a reason; no young child has parental responsibility: whose agreement counts rests
    on it."""
    age = person.age()
    is_young = person.kind != Person.Kind.ADULT and (age is None or age < YOUNGEST_PARENT)
    if is_young and parental_responsibility == Relationship.Responsibility.YES:
        raise Refused(
            f"{person.short_name} is a child, so can’t have parental responsibility here. Check who is related to whom",
            field="parental_responsibility",
        )
    odd = odd_relation(person, to_person, kind=kind, parental_responsibility=parental_responsibility)
    if odd and not right_because:
        raise Refused(f"{' '.join(odd)} Check it. If it is right, say why", field="right_because")


@transaction.atomic
def relate(
    *,
    person: Person,
    to_person: Person,
    kind: str,
    parental_responsibility: str,
    actor: User,
    right_because: str = "",
    confirmed: bool = False,
) -> None:
    """Say how `person` is related to `to_person` (`check_relation`). What follows from it has to be `confirmed`."""
    said = {"kind": kind, "parental_responsibility": parental_responsibility}
    check_relation(person, to_person, **said, right_because=right_because)
    _confirm(waiting.from_relation(person, to_person, parental_responsibility), confirmed=confirmed)
    Relationship.objects.update_or_create(
        person=person,
        to_person=to_person,
        defaults={
            "kind": kind,
            "parental_responsibility": parental_responsibility,
            "right_because": right_because,
        },
        create_defaults={
            "kind": kind,
            "parental_responsibility": parental_responsibility,
            "right_because": right_because,
            "family_id": person.family_id,
            "created_by": actor,
        },
    )


@transaction.atomic
def unrelate(*, relation: Relationship, actor: User) -> None:
    """It isn't so, or was recorded by mistake: gone from both sides, and kept in history. Whom decisions rest on loses that
    on another page, where it is said what follows."""
    if relation.parental_responsibility == Relationship.Responsibility.YES:
        raise Refused(
            "They have parental responsibility, on which decisions rest. First change that, under “Relationships”, then"
            " remove the relation"
        )
    relation.delete()


@transaction.atomic
def add_address(
    *, family: Family, person: Person | None, lines: str, postcode: str, do_not_disclose: bool, actor: User
) -> Address:
    """Add where the family or one person lives; it completes a postcode that came with the request, and replaces nothing."""
    begun = Address.objects.in_use().filter(family=family, person=person, lines="").first()
    if begun and search.postcode(postcode) not in ("", search.postcode(begun.postcode)):
        begun = None
    address = begun or Address(family=family, person=person, created_by=actor)
    postcode = postcode or address.postcode
    _write_address(address, lines=lines, postcode=postcode, do_not_disclose=do_not_disclose)
    return address


@transaction.atomic
def change_address(
    *, address: Address, version: int, lines: str, postcode: str, do_not_disclose: bool, actor: User
) -> None:
    """Say what the address is, unless someone else did since `version`."""
    said = {"lines": lines, "postcode": search.postcode(postcode), "do_not_disclose": do_not_disclose}
    _still_used(address)
    address.save_version(version, said)
    _index_people(address.family)


def _write_address(address: Address, *, lines: str, postcode: str, do_not_disclose: bool) -> None:
    address.lines, address.postcode, address.do_not_disclose = lines, search.postcode(postcode), do_not_disclose
    address.save()
    _index_people(address.family)


def _index_people(family: Family) -> None:
    with acting_as_system("search keys of an address"):
        index(*family.everyone())


@transaction.atomic
def add_contact_detail(*, person: Person, actor: User, **fields: Any) -> ContactDetail:
    return ContactDetail.objects.create(family_id=person.family_id, person=person, created_by=actor, **fields)


@transaction.atomic
def change_contact_detail(*, contact: ContactDetail, version: int, actor: User, **fields: Any) -> None:
    """Say what it is now, and how it is used safely, unless someone else did since `version`."""
    _still_used(contact)
    contact.save_version(version, fields)


@transaction.atomic
def retire(*, fact: Address | ContactDetail, on: date, because: str, actor: User) -> None:
    """From a day on it isn't used any more: it is gone from pages, prints and searches, and stays in history."""
    _still_used(fact)
    if on > clock.today():
        raise Refused("The day must be today or in the past", field="on")
    said = {"retired_on": on, "retired_because": because, "version": F("version") + 1}
    type(fact).objects.filter(pk=fact.pk).update(**said)
    if isinstance(fact, Address):
        _index_people(fact.family)


def _still_used(fact: Address | ContactDetail) -> None:
    if not type(fact).objects.in_use().filter(pk=fact.pk).exists():
        raise Refused("Someone said already that this isn’t used any more.")


# How a date of birth is kept to be found, as far as it is known
BORN_KEYS: dict[str, str] = {Person.Born.EXACT: "%Y-%m-%d", Person.Born.MONTH: "%Y-%m", Person.Born.YEAR: "%Y"}


def index(*people: Person) -> None:
    """Write people's search keys anew: the words of their names, date of birth, postcodes that may be disclosed."""
    for first in range(0, len(people), MANY):
        _index(people[first : first + MANY])


def _index(people: Sequence[Person]) -> None:
    addresses: dict[int, list[Address]] = {}
    current = Address.objects.filter(family__in={p.family_id for p in people}, retired_on=None)
    for address in current.exclude(postcode=""):
        addresses.setdefault(address.family_id, []).append(address)
    SearchKey.objects.filter(person__in=people).delete()
    _write_keys(
        (person.family_id, person.pk, kind, key)
        for person in people
        for kind, key in sorted(_keys(person, addresses.get(person.family_id, [])))
    )


def _write_keys(rows: Iterable[tuple[int, int | None, str, str]]) -> None:
    """Many at once, with a column as an array."""
    left, now = iter(rows), clock.now()
    with connection.cursor() as cursor:
        while some := list(islice(left, MANY)):
            names.know(key for _, _, kind, key in some if kind == SearchKey.Kind.NAME)
            arrays = [list(column) for column in zip(*some, strict=True)]
            cursor.execute(
                "INSERT INTO families_searchkey (family_id, person_id, kind, key, created_at) SELECT k.*, %s::timestamptz"
                " FROM unnest(%s::bigint[], %s::bigint[], %s::text[], %s::text[]) k",
                [now, *arrays],
            )


def _keys(person: Person, addresses: Sequence[Address]) -> set[tuple[str, str]]:
    keys = name_keys([person.first_name, person.last_name, person.known_as, *person.other_names])
    if person.due_date:
        keys.add((SearchKey.Kind.BORN, f"due {person.due_date.isoformat()}"))
    if person.date_of_birth and person.born in BORN_KEYS:
        keys.add((SearchKey.Kind.BORN, person.date_of_birth.strftime(BORN_KEYS[person.born])))
    hidden = {search.postcode(address.postcode) for address in addresses if address.do_not_disclose}
    mine = [address for address in addresses if address.person_id in (None, person.pk)]
    codes = {search.postcode(address.postcode) for address in mine}
    return keys | {(SearchKey.Kind.POSTCODE, code) for code in codes - hidden}


def index_families(*families: Family) -> None:
    """Write the keys of the names that families go by."""
    for first in range(0, len(families), MANY):
        some = families[first : first + MANY]
        SearchKey.objects.filter(family__in=some, person=None).delete()
        _write_keys((family.pk, None, kind, key) for family in some for kind, key in sorted(name_keys([family.name])))


def name_keys(called: Iterable[str]) -> set[tuple[str, str]]:
    """(kind, key) for each word of some names."""
    return {(SearchKey.Kind.NAME.value, word[:80]) for name in called for word in search.words(name)}
