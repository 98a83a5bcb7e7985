"""Nobody opens a record to themselves, or a second one without a reason."""

import pytest
from django.urls import reverse

from earlyhelp.access.identity import acting_as, acting_as_system
from earlyhelp.accounts.models import Membership, Role
from earlyhelp.core.errors import Refused
from earlyhelp.notifications.models import Notification
from families.models import Family, Request
from families.services import requests
from tests.access.test_doors import end
from tests.cast import ask, led_family
from tests.pages import text_of


def accept(cast, request, *, actor=None, **more):
    actor = actor or cast.locality
    with acting_as(actor):
        given = {"agency": cast.school, "practitioner": cast.alice} | more
        return requests.accept(request=Request.objects.get(pk=request.pk), actor=actor, **given)


def put_into(cast, request, family, *, ended):
    if ended:
        requests.accept(
            request=request, agency=cast.school, practitioner=cast.alice, known_family=family, actor=cast.locality
        )
    else:
        requests.join(request=request, family=family, actor=cast.locality)


def told(user, kind):
    with acting_as_system("test"):
        return Notification.objects.filter(user=user, kind=kind).count()


def test_whoever_answers_a_request_does_not_open_an_earlier_record_to_themselves(cast, sign_in, family):
    Membership.objects.create(user=cast.locality, agency=cast.school, role=Role.PRACTITIONER)
    end(cast, family)
    own = ask(cast, by=cast.locality)
    with pytest.raises(Refused, match="doesn’t open an earlier record to themselves"):
        accept(cast, own, practitioner=cast.locality, known_family=family)
    page = sign_in(cast.locality).get(reverse("accept_into_by", args=[own.reference, family.reference, cast.school.pk]))
    assert [one.user for one in page.context["form"].people.values()] == [cast.alice, cast.bob, cast.manager]
    accept(cast, own, practitioner=cast.alice, known_family=family)


@pytest.mark.parametrize("ended", [True, False])
def test_a_request_goes_into_no_family_that_the_check_did_not_find(cast, sign_in, ended):
    other = led_family(cast, name="Nwosu")
    if ended:
        end(cast, other)
    request = ask(cast, name="Quigley", people=[{"kind": "adult", "first_name": "Una", "last_name": "Quigley"}])
    with acting_as(cast.locality), pytest.raises(Refused, match="didn’t find that family"):
        put_into(cast, Request.objects.get(pk=request.pk), other, ended=ended)
    officer = sign_in(cast.locality)
    for page in ("accept_into", "join_request"):
        assert officer.get(reverse(page, args=[request.reference, other.reference])).status_code == 404


def test_a_new_family_in_spite_of_who_is_like_it_has_a_reason_that_is_kept(cast, sign_in, family):
    request = ask(cast)
    with pytest.raises(Refused, match="Enter why this is a new family"):
        accept(cast, request)
    officer = sign_in(cast.locality)
    choose = text_of(officer.get(reverse("accept_request", args=[request.reference])))
    like = "Ada Okafor, born 9 June 2017: same name and birth date"
    assert like in choose
    assert "North. Early help is open: the request is added to it." in choose
    url = reverse("accept_into_by", args=[request.reference, "new", cast.school.pk])
    assert like in text_of(officer.get(url))
    page = officer.post(url, {"practitioner": str(cast.alice.pk)})
    assert "Enter why this is a new family, and none of those that may be the same" in text_of(page)
    reason = "Another Grace: the phone and the school are others."
    assert officer.post(url, {"practitioner": str(cast.alice.pk), "new_because": reason}).status_code == 302
    with acting_as_system("test"):
        assert Family.objects.count() == 2
        assert Request.objects.get(pk=request.pk).said.new_because == reason
    page = reverse("request", args=[request.reference])
    assert reason in text_of(sign_in(cast.alice).get(page))
    assert reason not in text_of(sign_in(cast.dana).get(page))


def test_a_family_like_no_other_needs_no_reason(cast):
    accept(cast, ask(cast))
    with acting_as_system("test"):
        assert Family.objects.count() == 1


def test_whoever_led_and_the_service_manager_are_told_when_an_earlier_record_is_opened_again(cast, family):
    end(cast, family)
    accept(cast, ask(cast), practitioner=cast.bob, known_family=family)
    assert told(cast.alice, "families.led_before") == 1
    assert told(cast.service, "families.opened_again") == 1
    assert told(cast.bob, "families.first_contact") == 1
    assert told(cast.bob, "families.led_before") == 0
