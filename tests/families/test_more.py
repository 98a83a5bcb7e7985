"""What is asked of everyone: said, or not known, not asked, not said; and numbers whose slips are found."""

import pytest
from django.urls import reverse

from earlyhelp.access.identity import acting_as
from families.models import PersonDetails
from families.numbers import is_nhs_number, is_upn
from tests.access.test_doors import person_of
from tests.cast import child, mother
from tests.pages import opened, text_of


@pytest.mark.parametrize(
    ("number", "right"),
    [
        ("9434765919", True), ("9434765918", False), ("9434765991", False), ("943476591", False), ("94347659190", False),
        ("943476591X", False), ("", False), ("0000000000", True), ("٩٤٣٤٧٦٥٩١٩", False),
    ],
)  # fmt: skip
def test_an_nhs_number_has_its_check_digit(number, right):
    assert is_nhs_number(number) is right


@pytest.mark.parametrize(
    ("number", "right"),
    [
        ("H801200001001", True), ("A801200001001", False), ("H801200001010", False), ("H80120000100", False),
        ("S801200001001", False), ("H8012000010OI", False), ("U80120000100A", True), ("", False),
    ],
)  # fmt: skip
def test_a_pupil_number_has_its_letter(number, right):
    assert is_upn(number) is right


@pytest.mark.parametrize("name", ["gender", "language", "ethnicity", "disability", "nhs_number", "upn"])
def test_each_may_be_not_known_not_asked_or_not_said(cast, sign_in, family, name):
    ada, alice = person_of(family, child), sign_in(cast.alice)
    url = reverse("more_about", args=[family.reference, ada.pk])
    for answer in ("Not known", "Not asked", "Prefers not to say"):
        assert alice.post(url, opened(alice, url) | {name: answer}).status_code == 302
        assert opened(alice, url)[name] == answer
    assert "There is a problem" in text_of(alice.post(url, opened(alice, url) | {name: "said"}))


def test_what_they_said_stands_on_the_page_and_a_slip_in_a_number_is_found(cast, sign_in, family):
    ada, alice = person_of(family, child), sign_in(cast.alice)
    url = reverse("more_about", args=[family.reference, ada.pk])
    said = {
        "ethnicity": "said", "ethnicity_said": "White and Black African", "disability": "Not asked", "language": "said",
        "language_said": "Yoruba", "nhs_number": "said", "nhs_number_said": "943 476 5918",
    }  # fmt: skip
    assert "Enter an NHS number with 10 digits" in text_of(alice.post(url, opened(alice, url) | said))
    assert alice.post(url, opened(alice, url) | said | {"nhs_number_said": "943 476 5919"}).status_code == 302
    page = text_of(alice.get(f"{family.get_absolute_url()}people/"))
    for words in ("White and Black African", "Disability Not asked", "943 476 5919", "Yoruba"):
        assert words in page
    with acting_as(cast.alice):
        assert PersonDetails.objects.get(person=ada).nhs_number == "9434765919"


def test_only_a_child_has_a_pupil_number(cast, sign_in, family):
    alice = sign_in(cast.alice)
    grace = reverse("more_about", args=[family.reference, person_of(family, mother).pk])
    assert "pupil" not in text_of(alice.get(grace))


def test_two_who_change_it_see_both(cast, sign_in, family):
    ada, alice, charlie = person_of(family, child), sign_in(cast.alice), sign_in(cast.charlie)
    url = reverse("more_about", args=[family.reference, ada.pk])
    hers, his = opened(alice, url), opened(charlie, url)
    said = {"ethnicity": "said", "ethnicity_said": "Black African"}
    assert charlie.post(url, his | said).status_code == 302
    answer = alice.post(url, hers | {"ethnicity": "Not asked"})
    assert "Charlie also wrote here" in text_of(answer)
