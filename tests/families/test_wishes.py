"""Whom the family would like to lead: asked of everyone, before anyone is asked to lead, and written once (MID-06)."""

from datetime import date

import pytest
from django.urls import reverse

from consent.models import Tier
from consent.services.ledger import record_choices
from consent.word import Choice
from earlyhelp.access.identity import acting_as, acting_as_system
from earlyhelp.core.errors import Refused
from families.models import Lead, LeadWish
from families.services import team, wishes
from tests.access.test_doors import person_of
from tests.cast import add_sibling, child, episode_of, mother, new_family, share
from tests.pages import opened, text_of


@pytest.fixture
def asking(cast):
    """A family that agreed, whose first contact is Alice, and the pages by which she finds who leads."""
    family = new_family(cast)
    share(cast, family, cast.school, cast.health)
    return family


def page(name, family, *more):
    return reverse(name, args=[family.reference, *more])


def test_everyone_is_asked_once_and_whoever_is_asked_to_lead_reads_it(cast, sign_in, asking):
    ada, grace, alice = person_of(asking, child), person_of(asking, mother), sign_in(cast.alice)
    said = {f"wish_{ada.pk}": "“Miss Alice, she is funny.”", f"wish_{grace.pk}": "Someone who knows the school."}
    shown = text_of(alice.post(page("record_wishes", asking), said, follow=True))
    assert "“Miss Alice, she is funny.”" in shown
    assert "Someone who knows the school." in shown
    asks = alice.get(page("ask_to_lead", asking))
    assert "“Miss Alice, she is funny.”" in text_of(asks)
    assert "without_wish" not in asks.context["form"].fields
    form = opened(alice, page("ask_to_lead", asking)) | {"who": f"{cast.charlie.pk}-{cast.health.pk}"}
    assert alice.post(page("ask_to_lead", asking), form).status_code == 302
    with acting_as_system("test"):
        lead = Lead.objects.get(user=cast.charlie)
    assert "“Miss Alice, she is funny.”" in text_of(sign_in(cast.charlie).get(page("answer_lead", asking, lead.pk)))


def test_until_then_asking_needs_a_reason_that_stays(cast, sign_in, asking):
    ada, alice = person_of(asking, child), sign_in(cast.alice)
    alice.post(page("record_wishes", asking), {f"wish_{ada.pk}": "Alice"})
    url = page("lead_myself", asking)
    assert "Grace didn’t say yet whom they would like to lead" in text_of(alice.get(url))
    assert "Record first whom they would like to lead" in text_of(alice.post(url, {"without_wish": ""}))
    alice.post(url, {"without_wish": "Grace is in hospital until Friday."})
    shown = text_of(alice.get(page("team", asking)))
    assert "Why before everyone had said whom they would like: Grace is in hospital until Friday." in shown


def test_nobody_goes_round_it(cast, asking):
    with acting_as(cast.alice), pytest.raises(Refused, match="Record first whom"):
        team.lead_myself(family=asking, episode=episode_of(asking), agency=cast.school, actor=cast.alice)


def test_what_was_said_is_put_right_and_no_old_page_takes_it_out(cast, sign_in, asking):
    ada, alice = person_of(asking, child), sign_in(cast.alice)
    for words in ("Bob", "Alice, not Bob"):
        alice.post(page("record_wishes", asking), {f"wish_{ada.pk}": words})
    assert "Alice, not Bob" in text_of(alice.get(page("record_wishes", asking)))
    alice.post(page("record_wishes", asking), {f"wish_{ada.pk}": ""})
    with acting_as_system("test"):
        assert LeadWish.objects.get().words == "Alice, not Bob"


def test_the_wish_of_someone_who_is_kept_from_an_agency_is_not_read_there(cast, family):
    tola = add_sibling(family, cast.alice, kind="child", first_name="Tola", date_of_birth=date(2010, 3, 1))
    with acting_as(cast.alice):
        record_choices(family=family, choices=[Choice(tola, cast.school, Tier.ADDITIONAL, tola)], actor=cast.alice)
        wishes.record(
            family=family,
            episode=episode_of(family),
            wishes={tola: "Not the nurse.", child(family): "The nurse."},
            actor=cast.alice,
        )
    with acting_as(cast.charlie):
        assert [wish.words for wish in wishes.of(episode_of(family))] == ["The nurse."]


def test_an_unborn_child_and_who_lives_elsewhere_are_not_waited_for(cast, asking):
    with acting_as(cast.alice):
        before = wishes.missing(asking, episode_of(asking))
    add_sibling(asking, cast.alice, kind="unborn", due_date=date(2027, 2, 1))
    add_sibling(asking, cast.alice, kind="adult", first_name="Femi", home="elsewhere")
    with acting_as(cast.alice):
        assert wishes.missing(asking, episode_of(asking)) == before
