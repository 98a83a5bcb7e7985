"""Whom a no hides from the lead has someone who goes on with them, and every no stands on a board."""

import pytest
from django.urls import reverse

from consent.models import Agreement, GoesOn, Tier
from consent.services.ledger import record_agreement, record_choices
from consent.word import Choice, Decision
from earlyhelp.access.identity import acting_as, acting_as_system
from earlyhelp.core import clock
from earlyhelp.notifications.models import Notification
from families.models import Person
from tests.access.test_doors import father
from tests.cast import mother
from tests.consent.test_own_word import tola_of
from tests.pages import opened, text_of


def board(client, name):
    return text_of(client.get(f"/agreements/?board={name}"))


def says(cast, family, person, decision):
    with acting_as_system("test"):
        said = Decision(person, decision, "verbal", clock.today(), witness="Alice")
        record_agreement(family=family, decision=said, choices=[], actor=cast.alice)


@pytest.mark.parametrize(("decision", "name"), [("withdrawn", "withdrawn"), ("refused", "refused")])
def test_a_family_where_one_says_no_while_another_agrees_stands_on_a_board(cast, sign_in, family, decision, name):
    tunde = father(cast, family)
    says(cast, family, tunde, decision)
    with acting_as_system("test"):
        grace = mother(family)
    says(cast, family, grace, Agreement.Decision.GIVEN)
    for user in (cast.manager, cast.locality, cast.service):
        shown = board(sign_in(user), name)
        assert "Okafor family" in shown
        assert "Someone else agrees" in shown
        assert "Tunde" not in shown


@pytest.fixture
def tola(cast, family):
    """Sixteen; she tells the lead's agency nothing."""
    tola = tola_of(cast, family, cast.health)
    with acting_as_system("test"):
        record_choices(family=family, choices=[Choice(tola, cast.school, Tier.NONE, tola)], actor=cast.alice)
    return tola


def test_whoever_is_hidden_from_the_lead_stands_on_the_board_until_someone_goes_on_with_them(
    cast, sign_in, family, tola
):
    with acting_as(cast.alice):
        assert not Person.objects.filter(pk=tola.pk).exists()
    for user in (cast.manager, cast.locality, cast.service):
        shown = board(sign_in(user), "alone")
        assert "Okafor family" in shown
        assert "Tola" not in shown
    officer = sign_in(cast.locality)
    page = text_of(officer.get(reverse("hidden_from_lead", args=[family.reference])))
    assert "Tola" in page
    assert "Nobody yet" in page
    url = reverse("name_who_goes_on", args=[family.reference, tola.pk])
    assert "Enter the name and agency of who goes on with them" in text_of(officer.post(url, opened(officer, url)))
    said = {"who": "Sam Reed, youth worker, Marsh Lane", "how": "They meet on Thursdays."}
    page = text_of(officer.post(url, opened(officer, url) | said, follow=True))
    assert "Sam Reed, youth worker, Marsh Lane goes on with them. They meet on Thursdays." in page
    for user in (cast.manager, cast.locality, cast.service):
        assert "Okafor family" not in board(sign_in(user), "alone")


def test_the_lead_and_their_manager_learn_nothing_of_it(cast, sign_in, family, tola):
    with acting_as_system("test"):
        GoesOn.objects.create(family=family, person=tola, who="Sam Reed", how="They meet.")
    for user in (cast.alice, cast.manager):
        with acting_as(user):
            assert not GoesOn.objects.exists()
        shown = text_of(sign_in(user).get(reverse("hidden_from_lead", args=[family.reference])))
        assert "Tola" not in shown
        assert "Sam Reed" not in shown
    assert "ask its locality officer" in text_of(
        sign_in(cast.manager).get(reverse("hidden_from_lead", args=[family.reference]))
    )


def test_who_can_name_someone_is_told(cast, sign_in, family, tola):
    with acting_as_system("test"):
        told = {n.user for n in Notification.objects.filter(kind="consent.nobody_goes_on")}
    assert told == {cast.locality, cast.service}
    assert "hidden from who runs its support" in text_of(sign_in(cast.locality).get("/"))


def test_who_shares_with_the_lead_again_is_nobodys_task(cast, sign_in, family, tola):
    with acting_as_system("test"):
        record_choices(family=family, choices=[Choice(tola, cast.school, Tier.BASIC, tola)], actor=cast.alice)
    officer = sign_in(cast.locality)
    assert "Okafor family" not in board(officer, "alone")
    assert officer.get(reverse("name_who_goes_on", args=[family.reference, tola.pk])).status_code == 404
