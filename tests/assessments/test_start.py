"""Starting an assessment: what it needs, what it brings, and what it does to the clock."""

from datetime import timedelta

import pytest

from assessments.models import Assessment
from consent.models import Agreement
from consent.services.ledger import record_agreement
from consent.word import Decision
from earlyhelp.access.identity import acting_as, acting_as_system
from earlyhelp.core import clock
from earlyhelp.timescales.models import Timescale
from tests.assessments.helpers import (
    add_child,
    assessment_of,
    does_not_share,
    page,
    started,
)
from tests.cast import child, episode_of, mother, new_family, share


def test_alice_starts_it_from_the_page_and_the_clock_is_met(cast, sign_in, family):
    alice = sign_in(cast.alice)
    before = alice.get(page("assessment", family)).content.decode()
    assert "The assessment has not started yet" in before
    assert "Start the assessment" in before
    assert "by 3 December 2026" in before
    with clock.frozen_at(clock.now() + timedelta(days=3)):
        response = alice.post(page("start_assessment", family), follow=True)
    text = response.content.decode()
    assert "The assessment has started" in text
    for title in ("Why now", "Looking after the children", "Ada Okafor", "What we make of it", "Started in time"):
        assert title in text
    assert episode_of(family).stage == "assessment"
    with acting_as(cast.alice):
        assert Timescale.objects.get(family=family, kind="assessment_start").state == "met"


def test_starting_late_is_said(cast, sign_in, family):
    alice = sign_in(cast.alice)
    with clock.frozen_at(clock.now() + timedelta(days=11)):
        assert "Overdue" in alice.get(page("assessment", family)).content.decode()
        assert "Started late" in alice.post(page("start_assessment", family), follow=True).content.decode()


def test_without_agreement_it_does_not_start_and_says_who_can_put_it_right(cast, sign_in):
    family = new_family(cast)
    alice = sign_in(cast.alice)
    reason = (
        "The family’s agreement is missing: it is not recorded yet. Alice, who makes the first contact, can record it"
        " under “Sharing”."
    )
    shown = alice.get(page("assessment", family)).content.decode()
    assert reason in shown
    assert "<form" not in shown.split("<main")[1]
    response = alice.post(page("start_assessment", family))
    assert reason in response.content.decode()
    with acting_as_system("test"):
        assert not Assessment.objects.exists()
    assert episode_of(family).stage == "first_contact"


def test_after_a_refusal_it_says_that_the_family_did_not_agree(cast, sign_in):
    family = new_family(cast)
    share(cast, family, cast.school)
    with acting_as(cast.alice):
        record_agreement(
            family=family,
            decision=Decision(
                person=mother(family),
                decision=Agreement.Decision.WITHDRAWN,
                how="verbal",
                decided_on=clock.today(),
                witness="Alice",
            ),
            choices=[],
            actor=cast.alice,
        )
    shown = sign_in(cast.service).post(page("start_assessment", family)).content.decode()
    assert "they did not agree, or withdrew. Alice, who makes the first contact, can record it" in shown
    with acting_as_system("test"):
        assert not Assessment.objects.exists()


def test_a_contributor_starts_it_and_the_lead_sees_those_whom_they_do_not(cast, sign_in, family):
    does_not_share(cast, family, child_of(cast, family), cast.health)
    does_not_share(cast, family, mother_of(cast, family), cast.health, tier=2)
    response = sign_in(cast.charlie).post(page("start_assessment", family), follow=True)
    assert "Ada" not in response.content.decode()
    assert "Ada Okafor" in sign_in(cast.alice).get(page("assessment", family)).content.decode()
    assert assessment_of(family).started_by == cast.charlie


def test_everyone_has_a_part_of_their_own_unborn_children_too(cast, sign_in, family):
    add_child(cast, family, "", kind="unborn", last_name="", shares_with=(cast.school,))
    add_child(cast, family, "Tunde", kind="adult", shares_with=(cast.school,))
    started(cast, family)
    text = sign_in(cast.alice).get(page("assessment", family)).content.decode()
    for name in ("Ada Okafor", "Unborn baby, due", "Tunde Okafor", "Grace Okafor"):
        assert name in text
    assert "Each child" in text
    assert "Each adult" in text


@pytest.mark.parametrize("twice", ["same", "another"])
def test_starting_twice_starts_once(cast, sign_in, twice, family):
    alice = sign_in(cast.alice)
    token = "7d0d4a3c-3f5a-4d7a-9b6e-2b1c9f1e0a11"
    alice.post(page("start_assessment", family), {"form_token": token})
    again = alice.post(page("start_assessment", family), {"form_token": token} if twice == "same" else {})
    if twice == "same":
        assert again.url == page("assessment", family)
    else:
        assert "Alice started the assessment on 23 November 2026 at 10:00am" in again.content.decode()
    assert assessment_of(family)


def test_a_reader_is_not_offered_the_start(cast, sign_in, family):
    with acting_as_system("test"):
        cast.dana.memberships.create(agency=cast.health, role="manager")
    dana = sign_in(cast.dana)
    shown = dana.get(page("assessment", family)).content.decode()
    assert "Only people on the family’s team can add to the record" in shown
    assert dana.post(page("start_assessment", family)).status_code == 403


def child_of(cast, family):
    with acting_as(cast.alice):
        return child(family)


def mother_of(cast, family):
    with acting_as(cast.alice):
        return mother(family)
