"""An unborn child is asked for nothing that they can't have: no name, no own words."""

from datetime import date

import pytest
from django.urls import reverse

from assessments.reading import Sheet
from assessments.rules import missing
from assessments.services import starting
from earlyhelp.access.identity import acting_as
from families.models import Person, Request
from families.services import requests
from tests.cast import ask
from tests.pages import text_of

DUE = date(2027, 3, 3)
NAME = "Unborn baby, due in March 2027"


@pytest.fixture
def baby(cast, family, sign_in):
    """Added to the family on the page, with nothing but when they are due."""
    url = reverse("add_person", args=[family.reference])
    sent = {"kind": "unborn", "first_name": "", "home": "here", "date_of_birth_day": 3, "date_of_birth_month": 3,
            "date_of_birth_year": 2027}  # fmt: skip
    answer = sign_in(cast.alice).post(url, sent)
    assert answer.status_code == 302, text_of(answer)
    with acting_as(cast.alice):
        return family.people().get(kind="unborn")


def test_a_child_without_a_name_is_listed_by_when_they_are_due(cast, family, baby, sign_in):
    assert (baby.name, baby.due_date) == (NAME, DUE)
    alice = sign_in(cast.alice)
    for page in ("", "people/", "sharing/", "who-can-see/"):
        shown = text_of(alice.get(family.get_absolute_url() + page))
        assert "Name not known" not in shown
        if page != "who-can-see/":
            assert NAME in shown


def test_whoever_is_born_has_a_name_or_it_is_said_that_it_is_not_known(cast, family, sign_in):
    url = reverse("add_person", args=[family.reference])
    page = sign_in(cast.alice).post(url, {"kind": "child", "first_name": "", "home": "here"})
    assert "Enter their first name, or “not known”" in text_of(page)


def test_their_section_asks_for_no_words_and_it_can_be_finalised_without(cast, family, baby, sign_in):
    with acting_as(cast.alice):
        assessment = starting.start(family=family, episode=family.episode(), actor=cast.alice)
    alice = sign_in(cast.alice)
    url = reverse("assessment_about", args=[family.reference, "child", baby.pk])
    assert "baby says" not in text_of(alice.get(url))
    assert alice.post(url, {"version": "0", "needs-worried": "Grace smokes."}).status_code == 302
    with acting_as(cast.alice):
        gaps = [str(one.gap) for one in missing(Sheet(assessment, family))]
    assert any("What Ada" in gap for gap in gaps)
    assert not any("nborn" in gap for gap in gaps)


def test_a_request_about_an_unborn_child_needs_no_name_and_says_when_they_are_due(cast, sign_in):
    people = [{"kind": "unborn", "first_name": "", "date_of_birth": DUE}, {"kind": "adult", "first_name": "Mia"}]
    request = ask(cast, name="Brandt", people=people)
    officer = sign_in(cast.locality)
    assert NAME in text_of(officer.get(request.get_absolute_url()))
    with acting_as(cast.locality):
        request = Request.objects.get(pk=request.pk)
        family = requests.accept(request=request, agency=cast.school, practitioner=cast.alice, actor=cast.locality)
    with acting_as(cast.alice):
        assert Person.objects.get(family=family, kind="unborn").name == NAME
