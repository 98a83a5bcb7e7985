"""Two people change the same thing at once: whoever saves second sees both, and nothing of either is lost."""

import pytest
from django.urls import reverse

from consent.services import wording
from earlyhelp.access.identity import acting_as
from earlyhelp.accounts.models import Role
from earlyhelp.procedures.services import procedure_in_force
from families.models import Address, Person, PersonDetails
from families.services import people
from tests.cast import child, led_family, make_user
from tests.pages import opened, text_of

BOTH = "Nothing is lost: check both, then save"


@pytest.fixture
def two(cast, sign_in):
    """Alice leads; Charlie is on the team: both may change the family's people."""
    family = led_family(cast)
    return family, sign_in(cast.alice), sign_in(cast.charlie)


@pytest.fixture
def ada(two, cast):
    with acting_as(cast.alice):
        return child(two[0])


def test_a_persons_name_and_school_each_keep_who_changed_them(two, cast, ada):
    family, alice, charlie = two
    url = reverse("change_person", args=[family.reference, ada.pk])
    hers, his = opened(alice, url), opened(charlie, url)
    assert charlie.post(url, his | {"school": "Hill Primary"}).status_code == 302
    shown = alice.post(url, hers | {"known_as": "Addie"})
    assert "Charlie saved this on 23 November 2026 at 10:00am, after you opened it here" in text_of(shown)
    assert "also wrote here" not in text_of(shown)
    merged = opened(alice, url, shown)
    assert (merged["known_as"], merged["school"]) == ("Addie", "Hill Primary")
    assert alice.post(url, merged).status_code == 302
    with acting_as(cast.alice):
        assert child(family).known_as == "Addie"
        assert PersonDetails.objects.get(person=child(family)).school == "Hill Primary"


def test_two_dates_of_birth_are_both_shown_and_neither_overwrites_the_other(two, cast, sign_in, ada):
    family, alice, _ = two
    url, manager = reverse("change_person", args=[family.reference, ada.pk]), sign_in(cast.manager)
    hers, theirs = opened(alice, url), opened(manager, url)
    assert manager.post(url, theirs | {"date_of_birth_day": "10"}).status_code == 302
    shown = text_of(alice.post(url, hers | {"date_of_birth_day": "11"}))
    assert BOTH in shown
    assert "Manager also wrote here. Check which answer is right" in shown
    assert "10 6 2017" in shown
    with acting_as(cast.alice):
        assert child(family).date_of_birth.day == 10


def test_an_address_changed_by_both_shows_both(two, cast):
    family, alice, charlie = two
    with acting_as(cast.alice):
        address = people.add_address(
            family=family,
            person=None,
            lines="1 High Street",
            postcode="MX1 2AB",
            do_not_disclose=False,
            actor=cast.alice,
        )
    url = reverse("change_address", args=[family.reference, address.pk])
    hers, his = opened(alice, url), opened(charlie, url)
    assert charlie.post(url, his | {"do_not_disclose": "on"}).status_code == 302
    shown = alice.post(url, hers | {"lines": "2 High Street"})
    assert BOTH in text_of(shown)
    assert alice.post(url, opened(alice, url, shown)).status_code == 302
    with acting_as(cast.alice):
        kept = Address.objects.get(pk=address.pk)
    assert (kept.lines, kept.do_not_disclose) == ("2 High Street", True)


def test_the_same_change_sent_by_both_is_saved_once(two, cast, ada):
    family, alice, charlie = two
    url = reverse("change_person", args=[family.reference, ada.pk])
    hers, his = opened(alice, url), opened(charlie, url)
    for client, form in ((charlie, his), (alice, hers)):
        assert client.post(url, form | {"known_as": "Addie"}).status_code == 302
    with acting_as(cast.alice):
        assert Person.objects.get(pk=ada.pk).version == 1


def test_two_administrators_of_words_and_of_the_form_see_each_others(cast, sign_in):
    other = make_user("Second Admin", cast.council, Role.ADMINISTRATOR)
    one, two = sign_in(cast.admin), sign_in(other)
    for url, name, last in (
        ("/settings/words/", "lead_word", lambda: procedure_in_force().words.lead),
        ("/settings/agreement-form/draft/", "held", lambda: wording.draft().held),
    ):
        first, second = opened(one, url), opened(two, url)
        assert one.post(url, first | {name: "Words of one"}).status_code == 302
        answer = two.post(url, second | {name: "Words of two"})
        assert BOTH in text_of(answer)
        assert "Words of one" in text_of(answer)
        assert "Words of two" in opened(two, url, answer)[name]
        assert last() == "Words of one"
