"""Every page of a family opens for its lead, and none for a stranger."""

import pytest
from django.urls import reverse

PAGES = [
    "people",
    "add_person",
    "add_address",
    "record_contact",
    "team",
    "notes",
    "write_note",
    "documents",
    "end_episode",
    "ask_locality",
]


@pytest.mark.parametrize("name", PAGES)
def test_the_lead_opens_it_and_a_stranger_finds_nothing(cast, sign_in, name, family):
    url = reverse(name, args=[family.reference])
    assert sign_in(cast.alice).get(url).status_code == 200
    assert sign_in(cast.dana).get(url).status_code == 404


@pytest.mark.parametrize(
    "name",
    [
        "requests",
        "start_request",
        "request_harm",
        "record_own_offer",
        "check_record",
        "home",
        "drafts",
    ],
)
def test_a_practitioner_opens_it(cast, sign_in, name):
    assert sign_in(cast.dana).get(reverse(name)).status_code == 200


@pytest.mark.parametrize(
    "name",
    [
        "family",
        "chronology",
        "who_can_see",
        "why_not",
        "sharing",
        "record_agreement",
        "what_follows",
        "exclude",
        "file_scan",
        "invite",
        "ask_to_lead",
    ],
)
def test_the_lead_opens_the_pages_that_span_apps(cast, sign_in, name, family):
    url = reverse(name, args=[family.reference])
    assert sign_in(cast.alice).get(url).status_code == 200
    assert sign_in(cast.dana).get(url).status_code == 404


@pytest.mark.parametrize("name", ["caseload", "search"])
def test_lists_open(cast, sign_in, name, family):
    assert sign_in(cast.alice).get(reverse(name)).status_code == 200


def test_whoever_runs_the_support_may_take_on_the_lead_but_not_twice(cast, sign_in, family):
    url = reverse("lead_myself", args=[family.reference])
    assert sign_in(cast.manager).get(url).status_code == 200
    assert "You lead for this family already" in sign_in(cast.alice).get(url).content.decode()
    assert (
        "I will lead" not in sign_in(cast.alice).get(reverse("ask_to_lead", args=[family.reference])).content.decode()
    )
    assert sign_in(cast.dana).get(url).status_code == 404
