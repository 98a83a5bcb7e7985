"""Who hears of what: the front door of a request, whoever is to act of their turn, whoever asked of the answer."""

from earlyhelp.access.identity import acting_as, acting_as_system
from earlyhelp.notifications.models import Notification
from families.models import Request
from families.services import requests
from tests.cast import ask, new_family


def told(kind) -> set[str]:
    with acting_as_system("test"):
        return set(Notification.objects.filter(kind=kind).values_list("user__name", flat=True))


def test_the_officer_of_the_area_hears_that_a_request_came_in(cast):
    ask(cast)
    assert told("families.request_received") == {"Locality Officer"}


def test_who_is_to_make_the_first_contact_hears_it(cast):
    new_family(cast)
    assert told("families.first_contact") == {"Alice"}


def test_whoever_asked_hears_that_the_request_was_answered(cast):
    request = ask(cast)
    with acting_as(cast.locality):
        requests.answer(
            request=Request.objects.get(pk=request.pk), outcome="advice", reason="Ask again.", actor=cast.locality
        )
    assert told("families.request_answered") == {"Dana"}


def test_who_is_asked_to_lead_or_invited_hears_it_and_whoever_asked_hears_the_answer(cast, family):
    assert told("families.asked_to_lead") == {"Alice"}
    assert told("families.invited") == {"Charlie"}
    assert told("families.lead_answered") == {"Alice"}
    assert told("families.invitation_answered") == {"Alice"}
