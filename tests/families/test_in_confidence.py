"""A young person of sixteen asks for help in confidence: who reads it, who reaches them, and whom nobody tells."""

from datetime import date

import pytest
from django.urls import reverse

from consent.models import Tier
from consent.services.ledger import record_choices
from consent.word import Choice
from earlyhelp.access.identity import acting_as, acting_as_system
from earlyhelp.core.errors import Refused
from earlyhelp.notifications.models import Notification
from families.models import Request, RequestPerson, RequestWords
from families.services import people, requests
from tests.access.test_doors import end
from tests.cast import add_sibling, ask, mother
from tests.pages import opened, text_of

BORN = date(2010, 3, 1)
SECRET = "Please help, home is hard."
TOLA = {"kind": "child", "first_name": "Tola", "last_name": "Okafor", "date_of_birth": BORN, "phone": "07700 900123"}


@pytest.fixture
def tola(cast, family):
    """Sixteen, of a family that Alice's school leads: she shares everything with health, and nothing with school."""
    tola = add_sibling(family, cast.alice, kind="child", first_name="Tola", last_name="Okafor", date_of_birth=BORN)
    with acting_as(cast.alice):
        people.add_contact_detail(
            person=mother(family), actor=cast.alice, kind="phone", value="01632 960777", safe_times="", voicemail=None,
            text=None, who_may_answer="", must_not_know="",
        )  # fmt: skip
    choose(cast, family, tola, {cast.health: Tier.ADDITIONAL, cast.school: Tier.NONE})
    return tola


def choose(cast, family, tola, what):
    with acting_as_system("test"):
        choices = [Choice(tola, agency, tier, tola) for agency, tier in what.items()]
        record_choices(family=family, choices=choices, actor=cast.alice)


def asked(cast, **changes) -> Request:
    told = {"who_asks": "young_person", "must_not_know": "My mother must not know.", "what_for": SECRET}
    return ask(cast, **told, people=[TOLA], **changes)


def joined(cast, family, *, to, not_told=()):
    request = asked(cast)
    with acting_as(cast.locality):
        requests.join(
            request=Request.objects.get(pk=request.pk),
            family=family,
            given_to=to,
            not_told=not_told,
            actor=cast.locality,
        )
    return request


def reads(user, request) -> tuple[bool, bool, bool]:
    """Whether someone knows that there is a request, reads its words, and whom it is about."""
    with acting_as(user):
        return (
            Request.objects.filter(pk=request.pk).exists(),
            RequestWords.objects.filter(request=request).exists(),
            RequestPerson.objects.filter(request=request).exists(),
        )


def test_from_asking_to_the_first_contact(cast, sign_in, family, tola):
    before = text_of(sign_in(cast.alice).get(family.get_absolute_url()))
    request = asked(cast)
    officer, url = sign_in(cast.locality), reverse("join_request", args=[request.reference, family.reference])
    page = officer.get(url)
    shown = text_of(page)
    assert "My mother must not know." in shown
    assert "Tola and Health visiting: basic and additional information" in shown
    assert "Tola and Birch Primary School: nothing" in shown
    assert [label for _, label in page.context["form"].fields["given_to"].choices] == ["Charlie"]
    with acting_as(cast.locality):
        grace = mother(family)
    form = opened(officer, url, page)
    assert "Select who makes the first contact" in text_of(officer.post(url, form))
    sent = officer.post(url, form | {"given_to": str(cast.charlie.pk), "not_told": str(grace.pk)}, follow=True)
    assert "Charlie was told" in text_of(sent)

    assert reads(cast.charlie, request) == (True, True, True)
    for user in (cast.alice, cast.manager):
        assert reads(user, request) == (False, False, False), user
        client = sign_in(user)
        assert client.get(request.get_absolute_url()).status_code == 404
        for path in ("", "people/", "contact/", "chronology/"):
            seen = client.get(family.get_absolute_url() + path).content.decode()
            assert request.reference not in seen
            assert SECRET not in seen

    charlie = sign_in(cast.charlie)
    assert SECRET in text_of(charlie.get(request.get_absolute_url()))
    contact = text_of(charlie.get(f"{family.get_absolute_url()}contact/"))
    assert "01632 960777" not in contact
    assert "how to contact Grace Okafor" in contact
    assert "My mother must not know." in contact
    home = text_of(charlie.get("/"))
    assert "asked for help in confidence" in home
    assert "Make the first contact" in home
    assert text_of(sign_in(cast.alice).get(family.get_absolute_url())) == before, "nothing tells that there was one"


def test_only_who_takes_it_is_told_and_the_asker_sees_who_that_is(cast, sign_in, family, tola):
    request = joined(cast, family, to=cast.charlie)
    with acting_as_system("test"):
        told = {n.user for n in Notification.objects.filter(kind__contains="request_joined")}
        told |= {n.user for n in Notification.objects.filter(kind="families.asked_in_confidence")}
    assert told == {cast.charlie}
    page = text_of(sign_in(cast.dana).get(request.get_absolute_url()))
    assert "Charlie" in page
    assert "Alice" not in page


def test_whom_they_do_not_share_with_is_refused_and_it_stays_at_the_front_door(cast, sign_in, family, tola):
    with pytest.raises(Refused, match="Choose someone whom they share with"):
        joined(cast, family, to=cast.alice)
    with pytest.raises(Refused, match="Choose someone whom they share with"):
        joined(cast, family, to=None)
    choose(cast, family, tola, {cast.health: Tier.BASIC})
    request = asked(cast)
    officer = sign_in(cast.locality)
    page = officer.get(reverse("join_request", args=[request.reference, family.reference]))
    assert "Nobody on this family’s team may know what they tell. The request stays with you" in text_of(page)
    assert "Add the request to this family" not in text_of(page)
    assert reads(cast.locality, request) == (True, True, True)


def test_someone_who_is_not_in_the_record_yet_is_asked_first(cast, sign_in, family):
    request = asked(cast, name="Okafor")
    with acting_as_system("test"):
        assert requests.confidence(request=request, family=family) == requests.Confidence((), ())


def test_who_shares_with_the_leads_agency_is_reached_by_the_lead(cast, family, tola):
    choose(cast, family, tola, {cast.school: Tier.ADDITIONAL})
    request = joined(cast, family, to=cast.alice)
    assert reads(cast.alice, request) == (True, True, True)
    assert reads(cast.charlie, request) == (False, False, False)


def test_what_they_stop_sharing_ends_the_reading(cast, family, tola):
    request = joined(cast, family, to=cast.charlie)
    choose(cast, family, tola, {cast.health: Tier.BASIC})
    assert reads(cast.charlie, request) == (False, False, False)


def test_a_new_family_keeps_whom_not_to_tell(cast, sign_in):
    people = [TOLA | {"last_name": "Brandt"}, {"kind": "adult", "first_name": "Mia", "phone": "01632 960778"}]
    request = ask(cast, name="Brandt", who_asks="young_person", must_not_know="Not Mia.", people=people)
    officer, url = sign_in(cast.locality), reverse("accept_into_by", args=[request.reference, "new", cast.school.pk])
    mia = officer.get(url).context["form"].fields["not_told"].choices[1][0]
    sent = officer.post(url, opened(officer, url) | {"practitioner": str(cast.alice.pk), "not_told": mia})
    assert sent.status_code == 302, text_of(sent)
    with acting_as(cast.alice):
        family = Request.objects.get(pk=request.pk).family
    contact = text_of(sign_in(cast.alice).get(f"{family.get_absolute_url()}contact/"))
    assert "07700 900123" in contact
    assert "01632 960778" not in contact


def test_an_earlier_record_goes_to_nobody_whose_agency_they_said_no_to(cast, family, tola):
    end(cast, family)
    request = asked(cast)
    with acting_as(cast.locality):
        row = Request.objects.get(pk=request.pk)
        with pytest.raises(Refused, match="whoever asks shares nothing with Birch Primary School"):
            requests.accept(
                request=row, agency=cast.school, practitioner=cast.alice, known_family=family, actor=cast.locality
            )


def test_what_the_asker_wrote_about_one_names_nobody_else_to_who_may_not_know(cast, sign_in):
    said = [
        {"kind": "child", "first_name": "Ada", "last_name": "Nwosu", "date_of_birth": date(2017, 6, 9)},
        {"kind": "adult", "first_name": "Uche", "last_name": "Nwosu", "relationship": "father of Ada and of Kemi"},
    ]
    family = None
    request = ask(cast, name="Nwosu", people=said)
    with acting_as(cast.locality):
        family = requests.accept(
            request=Request.objects.get(pk=request.pk), agency=cast.school, practitioner=cast.alice, actor=cast.locality
        )
    alice = sign_in(cast.alice)
    assert "father of Ada and of Kemi" in text_of(alice.get(f"{family.get_absolute_url()}people/"))
    kemi = add_sibling(family, cast.alice, kind="child", first_name="Kemi", last_name="Nwosu", date_of_birth=BORN)
    with acting_as_system("test"):
        record_choices(family=family, choices=[Choice(kemi, cast.school, Tier.NONE, kemi)], actor=cast.alice)
    assert "Kemi" not in text_of(alice.get(f"{family.get_absolute_url()}people/"))
