"""Finding someone as people really type, and only among those one may know of."""

import re
from datetime import date

import pytest

from earlyhelp.access.identity import acting_as, acting_as_system
from earlyhelp.notifications.models import Notification
from families.models import Family, KnownWord, RecordCheck
from families.services import people
from families.tasks import forget_names
from tests.cast import child, mother, set_procedure
from tests.journeys.test_lists import many
from tests.pages import text_of


def find(client, text):
    page = client.post("/search/", {"q": text})
    assert page.status_code == 200
    return page.content.decode()


@pytest.mark.parametrize(
    "typed",
    ["Okafor", "okafor", "OKAFFOR", "Okafo", "Ada", "ada okafor", "Adda", "Grayce", "OBrien", "O'Brien", "o’brien",
     "Lukasz", "Łukasz", "9 6 2017", "09/06/2017", "2017-06-09", "9 June 2017", "9 Jun 2017", "Friday 9 June 2017", "born 9 June 2017",
     "9th june, 2017", "March 1984", "born March 1984", "about 1951", "1951", "due 3 May 2027", "mx1 2ab", "MX12AB"],
)  # fmt: skip
def test_a_family_is_found_however_it_is_typed(cast, sign_in, typed, family):
    with acting_as(cast.alice):
        people.add_person(family=family, actor=cast.alice, kind="adult", first_name="Łukasz", last_name="O’Brien")
        known = {"family": family, "actor": cast.alice}
        people.add_person(**known, kind="adult", first_name="Month", date_of_birth=date(1984, 3, 1), born="month")
        people.add_person(**known, kind="adult", first_name="Year", date_of_birth=date(1951, 1, 1), born="year")
        people.add_person(**known, kind="unborn", due_date=date(2027, 5, 3))
        people.add_address(
            family=family,
            person=child(family),
            lines="1 Made Up Road",
            postcode="MX1 2AB",
            do_not_disclose=False,
            actor=cast.alice,
        )
    assert "1 family found" in find(sign_in(cast.alice), typed)
    assert family.reference not in find(sign_in(cast.dana), typed)


FOUND = [
    ("Jhon", "John"), ("Jon", "John"), ("Catherine", "Kathryn"), ("Nugyen", "Nguyen"), ("Okfaor", "Okafor"), ("Smyth", "Smith"),
    ("Steven", "Stephen"), ("Fatma", "Fatima"), ("Zoe", "Zoë"), ("Siobhan", "Siobhán"), ("Muller", "Müller"), ("Soren", "Søren"),
    ("smith jones", "Smith-Jones"), ("Smithjones", "Smith-Jones"), ("Jones", "Smith-Jones"), ("Anna-Maria", "Annamaria"), ("Obrien", "O’Brien"),
    ("Wil", "Williams"), ("ander", "Alexander"), ("Li", "Li"), ("عائشة", "عائشة"), ("Иван", "Иванов"), ("Екатерна", "Екатерина"), ("Иавн", "Иван"), ("陳", "陳"),
]  # fmt: skip
NOT_FOUND = [
    ("Smith", "Jones"), ("John", "Mary"), ("Li", "Ali"), ("Ann", "Mary"), ("Ng", "Li"), ("Anna Smith", "Anna"), ("Иван", "Ольга"),
]  # fmt: skip


@pytest.mark.parametrize(("typed", "called"), FOUND)
def test_someone_is_found_by_what_may_be_meant(cast, sign_in, family, typed, called):
    with acting_as(cast.alice):
        people.add_person(family=family, actor=cast.alice, kind="adult", first_name=called)
    assert f" {called}" in text_of(sign_in(cast.alice).post("/search/", {"q": typed}))


@pytest.mark.parametrize(("typed", "called"), NOT_FOUND)
def test_someone_is_not_found_by_what_means_another(cast, sign_in, family, typed, called):
    with acting_as(cast.alice):
        people.add_person(family=family, actor=cast.alice, kind="adult", first_name=called)
    assert "0 families found" in find(sign_in(cast.alice), typed)


def test_who_has_no_surname_of_their_own_is_found_by_the_familys(cast, sign_in, family):
    with acting_as(cast.alice):
        people.add_person(family=family, actor=cast.alice, kind="child", first_name="Bartholomew")
    assert "Bartholomew" in text_of(sign_in(cast.alice).post("/search/", {"q": "Bartholomew Okafor"}))


def test_of_many_some_are_shown_and_then_more(cast, sign_in):
    many(cast, 30)
    with acting_as_system("test"):
        people.index_families(*Family.objects.all())
    service = sign_in(cast.service)
    page = service.post("/search/", {"q": "Family"}).content.decode()
    assert "More than 25 families found" in " ".join(page.split())
    assert page.count('class="app-hit"') == 25
    whole = service.post("/search/", {"q": "Family", "most": re.search(r'name="most" value="(\d+)"', page)[1]})
    assert whole.content.decode().count('class="app-hit"') > 25
    assert "Show more" not in whole.content.decode()


def test_a_name_that_nobody_has_any_more_is_forgotten(cast, family):
    with acting_as_system("test"):
        known = set(KnownWord.objects.values_list("word", flat=True))
        KnownWord.objects.create(word="rumpelstiltskin", spelt="rumpelstiltskin", sounds=[])
    assert forget_names() == 1
    assert set(KnownWord.objects.values_list("word", flat=True)) == known
    assert {"ada", "grace", "okafor"} <= known


def test_a_reference_is_found_with_any_spacing(cast, sign_in, family):
    alice = sign_in(cast.alice)
    for typed in (family.reference, family.reference.replace("-", ""), family.reference.replace("-", " ")):
        assert "1 family found" in find(alice, typed)
    wrong = family.reference[:-1] + str((int(family.reference[-1]) + 1) % 10)
    assert "0 families found" in find(alice, wrong)


def test_an_address_that_must_not_be_disclosed_is_in_no_search(cast, sign_in, family):
    with acting_as(cast.alice):
        people.add_address(
            family=family,
            person=None,
            lines="9 Quiet Close",
            postcode="MX9 9ZZ",
            do_not_disclose=True,
            actor=cast.alice,
        )
    assert "0 families found" in find(sign_in(cast.alice), "MX9 9ZZ")


@pytest.mark.parametrize(
    "typed", ["", "   ", "\x00", "<script>alert(1)</script>", "😟", "31 2 2026", "x" * 500, "%", "عائلة"]
)
def test_odd_searches_find_nothing_and_break_nothing(cast, sign_in, typed, family):
    page = find(sign_in(cast.alice), typed)
    assert "<script>alert" not in page
    assert "0 families found" in page or "Enter a name, reference" in page


def check(client, **changes):
    data = {
        "first_name": "Ada",
        "last_name": "Okafor",
        "date_of_birth_day": "9",
        "date_of_birth_month": "6",
        "date_of_birth_year": "2017",
    } | changes
    return client.post("/requests/check/", data).content.decode()


def test_a_check_says_whom_to_speak_to_and_nothing_else(cast, sign_in, family):
    page = check(sign_in(cast.dana), first_name="Adah", last_name="Okaffor")
    assert "May already be known" in page
    assert "Noor Hill, 01632 960010" in page
    for secret in (family.reference, "Birch", "Alice", "Grace"):
        assert secret not in page
    with acting_as(cast.dana):
        assert RecordCheck.objects.get().about == "Adah Okaffor"


def test_a_check_needs_a_name_and_a_date_of_birth(cast, sign_in):
    page = check(sign_in(cast.dana), last_name="", date_of_birth_day="", date_of_birth_month="", date_of_birth_year="")
    assert "Enter their last name" in page
    assert "Enter their date of birth" in page
    with acting_as(cast.dana):
        assert not RecordCheck.objects.exists()


def test_someone_else_is_not_known(cast, sign_in, family):
    assert "Not known" in check(sign_in(cast.dana), first_name="Zebedee", last_name="Quince")
    assert "Not known" in check(sign_in(cast.dana), date_of_birth_year="1999")


def test_a_restricted_family_is_not_known_and_the_service_manager_is_told(cast, sign_in, family):
    with acting_as_system("test"):
        Family.objects.filter(pk=family.pk).update(restricted=True)
    assert "Not known" in check(sign_in(cast.dana))
    with acting_as(cast.service):
        assert Notification.objects.filter(kind="families.restricted_asked", reference=family.reference).count() == 1


def test_checks_are_limited_a_day(cast, sign_in):
    set_procedure({"limits.record_checks_a_day": 2})
    dana = sign_in(cast.dana)
    check(dana)
    check(dana)
    assert "You have made 2 checks in a day" in check(dana)


def test_the_mothers_name_finds_her_too(cast, sign_in, family):
    with acting_as_system("test"):
        assert mother(family).search_keys.exists()
    assert "1 family found" in find(sign_in(cast.charlie), "Grace Okafor")


def test_every_page_finds_a_family_from_its_header_and_a_hit_says_how_it_stands(cast, sign_in, family):
    alice = sign_in(cast.alice)
    for url in ("/", "/requests/", family.get_absolute_url()):
        assert 'id="header-q"' in alice.get(url).content.decode()
    assert 'id="header-q"' not in alice.get("/search/").content.decode()
    assert 'id="header-q"' not in sign_in(cast.admin).get("/").content.decode()
    shown = text_of(alice.post("/search/", {"q": "Ada"}))
    assert "Agreement, Alice leads Ada Okafor, 9, born 9 June 2017" in shown
