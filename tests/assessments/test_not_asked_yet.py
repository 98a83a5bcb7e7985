"""Whoever wasn't asked yet, since early help began again, is asked before an assessment begins without them."""

from datetime import date, timedelta

import pytest
from django.urls import reverse

from assessments.services import starting
from consent.models import Tier
from consent.services.ledger import record_choices
from consent.word import Choice
from earlyhelp.access.identity import acting_as, acting_as_system
from earlyhelp.core import clock
from earlyhelp.core.errors import Refused
from families.models import Person
from families.services import episodes, team
from tests.access.test_doors import end, mother_agrees, open_again
from tests.cast import MONDAY, add_sibling
from tests.pages import text_of


@pytest.fixture
def later():
    with clock.frozen_at(MONDAY + timedelta(days=2)):
        yield


@pytest.fixture
def mia(cast, family, later):
    """Thirteen, and nobody asked her: early help began again, and her mother agreed for herself and for Ada."""
    with clock.frozen_at(MONDAY):
        born = date(2013, 3, 1)
        mia = add_sibling(family, cast.alice, kind="child", first_name="Mia", last_name="Okafor", date_of_birth=born)
        end(cast, family)
        open_again(cast, family, cast.school, cast.alice)
    with acting_as(cast.alice):
        episode = family.episode()
        contact = {"at": clock.now(), "how": "call", "reached": True, "note": ""}
        episodes.record_contact(family=family, episode=episode, actor=cast.alice, **contact)
    mother_agrees(cast, family, cast.school, cast.health)
    with acting_as(cast.alice):
        team.lead_myself(
            family=family, episode=episode, agency=cast.school, without_wish="Grace knows Alice.", actor=cast.alice
        )
    return mia


def begin(cast, family):
    with acting_as(cast.alice):
        return starting.start(family=family, episode=family.episode(), actor=cast.alice)


def chooses(cast, family, mia, tier):
    with acting_as_system("test"):
        record_choices(family=family, choices=[Choice(mia, cast.school, tier, mia)], actor=cast.alice)


def test_the_next_step_is_to_ask_her_and_the_assessment_does_not_begin_without_her(cast, sign_in, family, mia):
    alice = sign_in(cast.alice)
    assert "Ask Mia what may be shared about them" in text_of(alice.get(family.get_absolute_url()))
    with acting_as(cast.alice):
        assert Person.objects.filter(pk=mia.pk).exists()
    with pytest.raises(Refused, match="Mia hasn’t been asked yet, since early help began again"):
        begin(cast, family)
    assert "Mia hasn’t been asked yet" in text_of(alice.get(reverse("assessment", args=[family.reference])))
    sharing = text_of(alice.get(reverse("sharing", args=[family.reference])))
    assert "share too little" not in sharing
    assert "Not asked yet Ask them what may be shared about them." in sharing


def test_once_she_is_asked_it_begins_with_her(cast, sign_in, family, mia):
    chooses(cast, family, mia, Tier.ADDITIONAL)
    assert "Start the assessment." in text_of(sign_in(cast.alice).get(family.get_absolute_url()))
    begin(cast, family)
    assert "Mia Okafor" in text_of(sign_in(cast.alice).get(reverse("assessment", args=[family.reference])))


def test_her_no_is_a_no_and_holds_nothing_up(cast, sign_in, family, mia):
    chooses(cast, family, mia, Tier.NONE)
    assert "Start the assessment." in text_of(sign_in(cast.alice).get(family.get_absolute_url()))
    begin(cast, family)
