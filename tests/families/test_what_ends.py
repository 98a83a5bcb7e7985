"""What someone sees ends with its cause, on every surface."""

import pytest
from django.urls import reverse

from consent.models import ExcludedPerson
from earlyhelp.access.identity import acting_as, acting_as_system
from earlyhelp.accounts.models import Agency, Membership, User
from families.models import ConnectedUser, Family, Request, RequestPerson
from families.services import requests
from tests.cast import ask, make_user, mother
from tests.pages import text_of


@pytest.fixture
def asked(cast, family):
    """Dana's request, which was added to a family that was known."""
    request = ask(cast)
    with acting_as(cast.locality):
        requests.join(request=Request.objects.get(pk=request.pk), family=family, actor=cast.locality)
    return request


def reads(user, request) -> bool:
    with acting_as(user):
        people = RequestPerson.objects.filter(request=request.pk).exists()
        assert Request.objects.filter(pk=request.pk).exists() == people
    return people


ENDS = {
    "left the agency": lambda cast, family: Membership.objects.filter(user=cast.dana).update(agency=cast.council),
    "switched off": lambda cast, family: User.objects.filter(pk=cast.dana.pk).update(is_active=False),
    "agency closed": lambda cast, family: Agency.objects.filter(pk=cast.other_school.pk).update(is_open=False),
    "kept out": lambda cast, family: ExcludedPerson.objects.create(
        family=family, name="Dana", user=cast.dana, decided_by=mother(family)
    ),
    "connected": lambda cast, family: ConnectedUser.objects.create(family=family, user=cast.dana),
    "restricted": lambda cast, family: Family.objects.update(restricted=True),
}


@pytest.mark.parametrize("why", ENDS)
def test_who_made_a_request_reads_it_as_long_as_the_cause_lasts(cast, sign_in, family, asked, why):
    assert reads(cast.dana, asked)
    dana = sign_in(cast.dana)
    page = reverse("request", args=[asked.reference])
    assert dana.get(page).status_code == 200
    with acting_as_system("test"):
        ENDS[why](cast, family)
    assert not reads(cast.dana, asked)
    assert dana.get(page).status_code in (302, 404)
    assert asked.reference not in text_of(dana.get(reverse("requests")))


@pytest.mark.parametrize("why", ["left the agency", "agency closed", "restricted"])
def test_so_does_their_manager(cast, family, asked, why):
    head = make_user("Head", cast.other_school, "manager")
    assert reads(head, asked)
    with acting_as_system("test"):
        if why == "left the agency":
            Membership.objects.filter(user=head).update(agency=cast.council)
        else:
            ENDS[why](cast, family)
    assert not reads(head, asked)


def test_what_was_said_to_one_person_is_not_left_in_the_browser(cast, sign_in, family):
    alice = sign_in(cast.alice)
    url = f"{family.get_absolute_url()}team/ask-locality/"
    assert alice.post(url, {"reason": "Nobody has time."}).status_code == 302
    assert set(alice.cookies) <= {"sessionid", "csrftoken"}
    alice.logout()
    alice.force_login(cast.dana, backend="django.contrib.auth.backends.ModelBackend")
    assert "has been asked" not in text_of(alice.get("/"))
