"""What someone sees ends with its cause, on every surface."""

import pytest
from django.urls import reverse

from consent.models import ExcludedPerson
from earlyhelp.access.identity import acting_as, acting_as_system
from earlyhelp.accounts.models import Agency, Membership, User
from families.models import ConnectedUser, Family, Request, RequestPerson, RequestWords
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


def reads(user, request) -> tuple[bool, bool]:
    """Whether someone may know that there was a request, and what was said in it and of whom."""
    with acting_as(user):
        people = RequestPerson.objects.filter(request=request.pk).exists()
        assert RequestWords.objects.filter(request=request.pk).exists() == people
        return Request.objects.filter(pk=request.pk).exists(), people


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
    assert reads(cast.dana, asked) == (True, True)
    dana = sign_in(cast.dana)
    page = reverse("request", args=[asked.reference])
    assert dana.get(page).status_code == 200
    with acting_as_system("test"):
        ENDS[why](cast, family)
    assert reads(cast.dana, asked) == (False, False)
    assert dana.get(page).status_code in (302, 404)
    assert asked.reference not in text_of(dana.get(reverse("requests")))


@pytest.mark.parametrize("why", ["left the agency", "agency closed", "restricted"])
def test_so_does_their_manager(cast, family, asked, why):
    head = make_user("Head", cast.other_school, "manager")
    assert reads(head, asked) == (True, False)
    with acting_as_system("test"):
        if why == "left the agency":
            Membership.objects.filter(user=head).update(agency=cast.council)
        else:
            ENDS[why](cast, family)
    assert reads(head, asked) == (False, False)


def test_what_was_said_to_one_person_is_not_left_in_the_browser(cast, sign_in, family):
    alice = sign_in(cast.alice)
    url = f"{family.get_absolute_url()}team/ask-locality/"
    assert alice.post(url, {"reason": "Nobody has time."}).status_code == 302
    assert set(alice.cookies) <= {"sessionid", "csrftoken"}
    alice.logout()
    alice.force_login(cast.dana, backend="django.contrib.auth.backends.ModelBackend")
    assert "has been asked" not in text_of(alice.get("/"))


def test_what_was_said_in_a_request_is_for_who_answers_it_and_then_for_who_runs_the_support(cast, sign_in):
    request = ask(cast)
    head = make_user("Head", cast.other_school, "manager")
    front_door = (head, cast.locality, cast.service)
    assert {user.name: reads(user, request) for user in front_door} == {u.name: (True, True) for u in front_door}
    with acting_as(cast.locality):
        requests.accept(
            request=Request.objects.get(pk=request.pk), agency=cast.school, practitioner=cast.alice, actor=cast.locality
        )
    assert reads(head, request) == reads(cast.locality, request) == (True, False)
    assert reads(cast.alice, request) == reads(cast.manager, request) == (True, True)
    assert reads(cast.bob, request) == (False, False)
    page = sign_in(cast.locality).get(reverse("request", args=[request.reference]))
    assert "often late and tired" not in text_of(page)
    assert "often late and tired" in text_of(sign_in(cast.alice).get(reverse("request", args=[request.reference])))
