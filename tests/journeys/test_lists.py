"""A list asks the database the same number of questions for 25 families as for 250."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from earlyhelp.access.identity import acting_as_system
from earlyhelp.core import clock
from earlyhelp.timescales.models import Timescale
from families.models import Episode, Family, Lead, Person, Request
from families.services.people import index, index_family
from tests.cast import child, led_family


def many(cast, count: int) -> None:
    """`count` families of Alice's, and as many requests that wait for the locality officer and were made by Dana."""
    with acting_as_system("test"):
        start = Family.objects.count()
        now = clock.now()
        families = Family.objects.bulk_create(
            Family(name=f"Family {start + n}", locality=cast.north) for n in range(count)
        )
        episodes = Episode.objects.bulk_create(
            Episode(family=f, started_at=now, first_contact_by=cast.alice, first_contact_agency=cast.school)
            for f in families
        )
        Lead.objects.bulk_create(
            Lead(
                family=e.family,
                episode=e,
                user=cast.alice,
                agency=cast.school,
                status="accepted",
                asked_by=cast.alice,
                asked_at=now,
            )
            for e in episodes
        )
        Timescale.objects.bulk_create(
            Timescale(
                family=f,
                locality=cast.north,
                reference=f.reference,
                key=f"test:{f.pk}",
                kind="review",
                anchor="test",
                anchor_at=now,
                amount=6,
                unit="weeks",
                first_due_at=now + timedelta(days=n),
                due_at=now + timedelta(days=n),
                owner=cast.alice,
                owner_agency=cast.school,
                link=f.get_absolute_url(),
            )
            for n, f in enumerate(families)
        )
        people = Person.objects.bulk_create(
            Person(family=f, kind="child", first_name="Ada", last_name=f"Family{n}") for n, f in enumerate(families)
        )
        for person in people[:30]:
            index(person)
        for family in families[:5]:
            index_family(family)
        Request.objects.bulk_create(
            Request(
                asked_by=cast.dana,
                agency=cast.other_school,
                locality=cast.north,
                who_asks="practitioner",
                family_name=f.name,
                what_for="x",
                received_at=now,
                submitted_at=now,
                asked_who="x",
                agreed_by="x",
                agreed_how="verbal",
                agreed_on=clock.today(),
            )
            for f in families
        )


PAGES = [
    ("alice", "/"),
    ("alice", "/families/?whose=mine"),
    ("service", "/families/?whose=all&due=week"),
    ("locality", "/requests/"),
    ("dana", "/requests/"),
    ("service", "/"),
]


def questions(client, url) -> int:
    with CaptureQueriesContext(
        connection,
    ) as captured:
        page = client.get(url)
    assert page.status_code == 200
    return len(captured)


@pytest.mark.parametrize(("who", "url"), PAGES)
def test_a_list_asks_no_more_of_250_families_than_of_25(cast, sign_in, who, url):
    client = sign_in(getattr(cast, who))
    many(cast, 25)
    client.get(url)
    few = questions(client, url)
    many(cast, 225)
    client.get(url)
    assert questions(client, url) == few
    assert few < 45


def test_search_asks_no_more_of_many_than_of_few(cast, sign_in):
    client = sign_in(cast.service)

    def search():
        with CaptureQueriesContext(connection) as captured:
            assert "found" in client.post("/search/", {"q": "Ada"}).content.decode()
        return len(captured)

    many(cast, 3)
    search()
    few = search()
    many(cast, 60)
    assert search() == few


def test_the_familys_page_asks_a_fixed_number_of_questions(cast, sign_in):
    family = led_family(cast)
    client = sign_in(cast.alice)
    url = family.get_absolute_url()
    client.get(url)
    few = questions(client, url)
    with acting_as_system("test"):
        for n in range(12):
            Person.objects.create(family=family, kind="child", first_name=f"Child {n}")
    assert questions(client, url) == few
    with acting_as_system("test"):
        assert child(family)


def test_a_page_shows_25_and_leads_on(cast, sign_in):
    many(cast, 30)
    client = sign_in(cast.alice)
    first = client.get("/families/?whose=mine").content.decode()
    assert "30 families" in first
    assert 'aria-label="Page 2"' in first
    assert client.get("/families/?page=2").content.decode().count("app-muted") >= 5


def test_the_caseload_remembers_its_filters(cast, sign_in):
    led_family(cast)
    client = sign_in(cast.service)
    assert "1 family" in client.get("/families/?whose=all&stage=agreement").content.decode()
    again = client.get("/families/").content.decode()
    assert '<option value="all" selected>' in again
    assert "0 families" in client.get("/families/?clear").content.decode()
