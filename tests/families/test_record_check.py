"""The existing-record check finds whoever is meant, however many others sound the same."""

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from earlyhelp.access.identity import acting_as, acting_as_system
from families.models import Address, Family, Person, SearchKey
from families.services import names
from families.services.people import index, name_keys
from families.services.records import check
from tests.cast import Cast

BORN = date(2015, 3, 9)


def crowd(cast: Cast, count: int, **person: object) -> None:
    """`count` people called Zachary Smyth, who sounds like Smith, each of their own family in the north."""
    with acting_as_system("test"):
        families = Family.objects.bulk_create(Family(name="Smyth", locality=cast.north) for _ in range(count))
        fields = {"kind": "child", "first_name": "Zachary", "last_name": "Smyth"} | person
        people = Person.objects.bulk_create(Person(family=family, **fields) for family in families)
        keys = sorted(name_keys(["Zachary", "Smyth"]))
        names.know(key for _, key in keys)
        if born := fields.get("date_of_birth"):
            keys.append((SearchKey.Kind.BORN, born.isoformat()))
        SearchKey.objects.bulk_create(
            [SearchKey(family_id=p.family_id, person=p, kind=kind, key=key) for p in people for kind, key in keys],
            batch_size=5000,
        )


def known(cast: Cast, **person: object) -> None:
    """Ada Smith, of a family in the south."""
    with acting_as_system("test"):
        family = Family.objects.create(name="Smith", locality=cast.south)
        fields = {"kind": "child", "first_name": "Ada", "last_name": "Smith", "date_of_birth": BORN}
        ada = Person.objects.create(family=family, **fields | person)
        Address.objects.create(family=family, lines="1 Mill Lane", postcode="ZZ12AB")
        index(ada)


def asked(cast: Cast, **changes: object) -> tuple[str, ...]:
    about = {"first_name": "Ada", "last_name": "Smith", "date_of_birth": BORN, "postcode": ""} | changes
    with acting_as(cast.dana):
        return check(actor=cast.dana, **about).speak_to


def test_someone_is_found_behind_2400_of_the_same_sound(cast):
    for born in (None, date(2015, 11, 1), BORN):
        crowd(cast, 800, date_of_birth=born)
    known(cast)
    with CaptureQueriesContext(connection) as captured:
        assert asked(cast) == (cast.south.coordinator,)
    assert len(captured) < 20
    assert asked(cast, first_name="Zachary") == (cast.north.coordinator,)


@pytest.mark.parametrize(
    ("there", "question"),
    [
        ({"date_of_birth": None}, {}),
        ({"date_of_birth": date(2015, 9, 3)}, {}),
        ({"date_of_birth": date(2016, 3, 9)}, {}),
        ({"first_name": "Adah"}, {}),
        ({"last_name": "Smyth"}, {}),
        ({"first_name": "Adelaide", "known_as": "Ada"}, {}),
        ({"date_of_birth": date(2009, 1, 1)}, {"postcode": "zz1 2ab"}),
    ],
)
def test_a_slip_in_a_name_or_a_date_still_finds(cast, there, question):
    known(cast, **there)
    assert asked(cast, **question) == (cast.south.coordinator,)


@pytest.mark.parametrize(
    ("there", "question"),
    [
        ({"date_of_birth": date(2016, 3, 10)}, {}),
        ({"date_of_birth": date(2009, 3, 9)}, {}),
        ({"first_name": "Benjamin"}, {}),
        ({"last_name": "Okafor"}, {}),
        ({"date_of_birth": date(2009, 1, 1)}, {"postcode": "ZZ1 9ZZ"}),
    ],
)
def test_somebody_else_is_not_found(cast, there, question):
    known(cast, **there)
    assert asked(cast, **question) == ()
