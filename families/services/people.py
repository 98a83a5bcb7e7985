"""People of a family, their contact details, and the keys by which they are found."""

from collections.abc import Iterable, Sequence
from typing import Any

from django.db import transaction

from earlyhelp.access.identity import acting_as_system
from earlyhelp.accounts.models import User
from families import search
from families.models import Address, ContactDetail, Family, Person, PersonDetails, Relationship, SearchKey


@transaction.atomic
def add_person(*, family: Family, actor: User, details: dict[str, Any] | None = None, **fields: Any) -> Person:
    """Add someone to the family. Nobody but those who run its support sees them until their sharing is recorded."""
    person = Person.objects.create(family=family, created_by=actor, **fields)
    PersonDetails.objects.create(family=family, person=person, created_by=actor, **(details or {}))
    index(person)
    return person


@transaction.atomic
def change_person(*, person: Person, version: int, actor: User, details: dict[str, Any], **fields: Any) -> None:
    """Change who someone is and what is known of them, unless someone else did since `version`."""
    told = PersonDetails.objects.get(person=person)
    person.save_version(version, fields)
    told.save_version(version, details)
    person.refresh_from_db()
    index(person)


@transaction.atomic
def relate(*, person: Person, to_person: Person, kind: str, parental_responsibility: str, actor: User) -> None:
    """Say how `person` is related to `to_person`."""
    Relationship.objects.update_or_create(
        person=person,
        to_person=to_person,
        defaults={"kind": kind, "parental_responsibility": parental_responsibility},
        create_defaults={
            "kind": kind,
            "parental_responsibility": parental_responsibility,
            "family_id": person.family_id,
            "created_by": actor,
        },
    )


@transaction.atomic
def add_address(
    *, family: Family, person: Person | None, lines: str, postcode: str, do_not_disclose: bool, actor: User
) -> Address:
    """Add where the family or one person lives; it completes a postcode that came with the request, and replaces nothing."""
    begun = Address.objects.filter(family=family, person=person, lines="").first()
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
    """Say where they live now, unless someone else did since `version`."""
    said = {"lines": lines, "postcode": search.postcode(postcode), "do_not_disclose": do_not_disclose}
    address.save_version(version, said)
    _index_people(address.family)


def _write_address(address: Address, *, lines: str, postcode: str, do_not_disclose: bool) -> None:
    address.lines, address.postcode, address.do_not_disclose = lines, search.postcode(postcode), do_not_disclose
    address.save()
    _index_people(address.family)


@transaction.atomic
def remove_address(*, address: Address, actor: User) -> None:
    """Nobody lives there any more, as far as the record goes; its history keeps it."""
    address.delete()
    _index_people(address.family)


def _index_people(family: Family) -> None:
    with acting_as_system("search keys of an address"):
        index(*family.people())


@transaction.atomic
def add_contact_detail(*, person: Person, actor: User, **fields: Any) -> ContactDetail:
    return ContactDetail.objects.create(family_id=person.family_id, person=person, created_by=actor, **fields)


def index(*people: Person) -> None:
    """Write people's search keys anew: names and how they sound, date of birth, postcodes that may be disclosed."""
    addresses: dict[int, list[Address]] = {}
    for address in Address.objects.filter(family__in={p.family_id for p in people}).exclude(postcode=""):
        addresses.setdefault(address.family_id, []).append(address)
    SearchKey.objects.filter(person__in=people).delete()
    SearchKey.objects.bulk_create(
        [
            SearchKey(family_id=person.family_id, person=person, kind=kind, key=key)
            for person in people
            for kind, key in sorted(_keys(person, addresses.get(person.family_id, [])))
        ],
        batch_size=5000,
    )


def _keys(person: Person, addresses: Sequence[Address]) -> set[tuple[str, str]]:
    keys = name_keys([person.first_name, person.last_name, person.known_as, *person.other_names])
    if person.date_of_birth and person.born == Person.Born.EXACT:
        keys.add((SearchKey.Kind.BORN, person.date_of_birth.isoformat()))
    hidden = {search.postcode(address.postcode) for address in addresses if address.do_not_disclose}
    mine = [address for address in addresses if address.person_id in (None, person.pk)]
    codes = {search.postcode(address.postcode) for address in mine}
    return keys | {(SearchKey.Kind.POSTCODE, code) for code in codes - hidden}


def index_families(*families: Family) -> None:
    """Write the keys of the names that families go by."""
    SearchKey.objects.filter(family__in=families, person=None).delete()
    SearchKey.objects.bulk_create(
        [
            SearchKey(family=family, kind=kind, key=key)
            for family in families
            for kind, key in sorted(name_keys([family.name]))
        ],
        batch_size=5000,
    )


def name_keys(names: Iterable[str]) -> set[tuple[str, str]]:
    """(kind, key) for each way in which names are matched."""
    words = {word[:80] for name in names for word in search.words(name)}
    kind = SearchKey.Kind
    keys = {(kind.NAME.value, word) for word in words}
    keys |= {(kind.SOUND.value, sound) for word in words for sound in search.sounds(word)}
    return keys | {(kind.TRIGRAM.value, part) for word in words for part in search.trigrams(word)}
