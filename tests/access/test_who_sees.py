"""Who may see a family, told in the words of the people around it."""

from datetime import date, timedelta

import pytest

from consent.models import Agreement, Tier
from consent.services.ledger import record_agreement, record_choices, withdraw_from
from consent.word import Choice, Decision
from earlyhelp.access import triggers
from earlyhelp.access.identity import acting_as, acting_as_system
from earlyhelp.access.levels import Level
from earlyhelp.access.models import EndedAccess, Grant
from earlyhelp.accounts.models import Membership
from earlyhelp.core import clock
from families.models import ConnectedUser, Episode, Family, Note, Person, Request, TeamMember
from families.services import episodes, team
from tests.cast import add_sibling, ask, child, episode_of, mother, new_family, share


def level(user, family) -> Level:
    with acting_as(user):
        rows = Grant.objects.in_force().filter(user=user, family=family).values_list("level", flat=True)
        assert Family.objects.filter(pk=family.pk).exists() == bool(rows)
    return Level(max(rows, default=0))


def disagreements() -> int:
    return sum(triggers.disagreements().values())


def test_a_request_is_seen_by_its_maker_their_manager_and_who_triages_it(cast):
    request = ask(cast)
    for user in cast.everyone:
        with acting_as(user):
            sees = Request.objects.filter(pk=request.pk).exists()
        assert sees == (user in (cast.dana, cast.locality, cast.service)), user


def test_before_agreement_the_family_is_seen_by_first_contact_their_manager_and_the_front_door(cast):
    family = new_family(cast)
    seen = {user.name: level(user, family) for user in cast.everyone if level(user, family)}
    assert seen == {
        "Alice": Level.LEAD,
        "Manager": Level.MANAGE,
        "Locality Officer": Level.BASIC,
        "Service Manager": Level.MANAGE,
    }


def test_the_lead_leads_and_the_team_contributes(cast, family):
    assert level(cast.alice, family) == Level.LEAD
    assert level(cast.charlie, family) == Level.CONTRIBUTE
    assert level(cast.bob, family) == level(cast.dana, family) == Level.NONE
    assert level(cast.admin, family) == level(cast.superuser, family) == Level.NONE
    assert disagreements() == 0


def test_withdrawing_from_an_agency_takes_its_people_out_at_once_and_leaves_them_an_ended_access(cast, family):
    with acting_as(cast.alice):
        withdraw_from(family=family, agency=cast.health, decided_by=mother(family), actor=cast.alice)
    assert level(cast.charlie, family) == Level.NONE
    assert level(cast.alice, family) == Level.LEAD
    with acting_as(cast.charlie):
        assert EndedAccess.objects.get(reference=family.reference).ended_at == clock.now()
    with acting_as(cast.dana):
        assert not EndedAccess.objects.exists()


def test_basic_sharing_shows_that_the_family_is_known_and_no_note(cast, family):
    with acting_as(cast.alice):
        note(cast, family)
        everyone = list(family.people())
        record_choices(
            family=family,
            choices=[Choice(p, cast.health, Tier.BASIC, mother(family)) for p in everyone],
            actor=cast.alice,
        )
    assert level(cast.charlie, family) == Level.BASIC
    with acting_as(cast.charlie):
        assert Person.objects.filter(family=family).count() == 2
        assert not Note.objects.exists()


def note(cast, family, kind="call", about=()):
    return episodes.write_note(
        family=family,
        episode=family.episode(),
        kind=kind,
        at=clock.now(),
        with_whom="Grace",
        about=about,
        text="Mornings are hard.",
        actor=cast.alice,
    )


def test_one_persons_refusal_hides_every_row_about_them_from_that_agency_alone(cast, family):
    with acting_as(cast.alice):
        ada, grace = child(family), mother(family)
        note(cast, family, about=[ada.pk])
        note(cast, family, about=[grace.pk])
        record_choices(family=family, choices=[Choice(ada, cast.health, Tier.NONE, ada)], actor=cast.alice)
    with acting_as(cast.charlie):
        assert [p.first_name for p in Person.objects.all()] == ["Grace"]
        assert [n.about for n in Note.objects.all()] == [[grace.pk]]
    with acting_as(cast.alice):
        assert Person.objects.filter(family=family).count() == 2


def test_someone_never_asked_is_kept_from_other_agencies_but_not_from_who_is_to_ask(cast, family):
    add_sibling(family, cast.alice, kind="adult", first_name="Uncle", last_name="Joe", date_of_birth=date(1985, 1, 1))
    with acting_as(cast.alice):
        assert Person.objects.filter(family=family).count() == 3
    with acting_as(cast.charlie):
        assert Person.objects.filter(family=family).count() == 2


def test_a_choice_that_runs_out_ends_access_without_any_job(cast):
    family = new_family(cast)
    share(cast, family, cast.school, cast.health, until=clock.now() + timedelta(days=30))
    assert level(cast.alice, family) == Level.LEAD
    with clock.frozen_at(clock.now() + timedelta(days=31)):
        assert level(cast.alice, family) == Level.BASIC


def test_one_choice_that_runs_out_hides_one_person_and_leaves_the_rest(cast, family):
    with acting_as(cast.alice):
        record_choices(
            family=family,
            choices=[Choice(child(family), cast.health, Tier.ADDITIONAL, mother(family))],
            actor=cast.alice,
            until=clock.now() + timedelta(days=10),
        )
    with acting_as(cast.charlie):
        assert Person.objects.count() == 2
    with clock.frozen_at(clock.now() + timedelta(days=11)), acting_as(cast.charlie):
        assert [p.first_name for p in Person.objects.all()] == ["Grace"]


def test_when_agreement_is_withdrawn_the_lead_drops_to_what_handing_over_needs(cast, family):
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
    assert level(cast.alice, family) == Level.BASIC
    assert level(cast.manager, family) == Level.BASIC


def test_who_leaves_their_agency_loses_its_families(cast, family):
    Membership.objects.filter(user=cast.charlie).update(ends_at=clock.now())
    assert level(cast.charlie, family) == Level.NONE
    cast.alice.is_active = False
    cast.alice.save()
    assert level(cast.alice, family) == Level.NONE
    assert disagreements() == 0


def test_a_restricted_family_is_seen_by_its_lead_its_team_and_the_service_manager_alone(cast, family):
    with acting_as_system("test"):
        Family.objects.filter(pk=family.pk).update(restricted=True)
    seen = {user.name for user in cast.everyone if level(user, family)}
    assert seen == {"Alice", "Charlie", "Service Manager"}


def test_someone_connected_to_a_family_never_sees_it_whatever_their_work(cast, family):
    with acting_as_system("test"):
        ConnectedUser.objects.create(family=family, user=cast.service)
        ConnectedUser.objects.create(family=family, user=cast.alice)
    assert level(cast.service, family) == level(cast.alice, family) == Level.NONE


def test_being_asked_shows_only_that_the_family_is_known(cast, family):
    with acting_as(cast.alice):
        team.ask_to_lead(
            family=family,
            episode=family.episode(),
            user=cast.bob,
            agency=cast.school,
            without_wish="Not asked yet.",
            actor=cast.alice,
        )
    assert level(cast.bob, family) == Level.BASIC


def test_a_team_members_manager_sees_what_they_see_and_adds_nothing(cast, family):
    with acting_as_system("test"):
        Membership.objects.create(user=cast.dana, agency=cast.health, role="manager")
    assert level(cast.dana, family) == Level.VIEW


def test_a_supervision_note_is_read_by_the_lead_and_managers_alone(cast, family):
    with acting_as(cast.manager):
        episodes.write_note(
            family=family,
            episode=family.episode(),
            kind="supervision",
            at=clock.now(),
            with_whom="Alice",
            about=[],
            text="Workload discussed.",
            actor=cast.manager,
        )
    for user in (cast.alice, cast.manager):
        with acting_as(user):
            assert Note.objects.count() == 1
    with acting_as(cast.charlie):
        assert not Note.objects.exists()


def test_a_contributor_cannot_widen_access(cast, family):
    from django.db import ProgrammingError

    with acting_as(cast.charlie), pytest.raises(ProgrammingError), acting_as(cast.charlie):
        TeamMember.objects.create(
            family=family,
            episode=episode_of(family),
            user=cast.dana,
            agency=cast.other_school,
            invited_by=cast.charlie,
            invited_at=clock.now(),
        )


def test_nobody_in_particular_sees_nothing(cast, family):
    assert not Family.objects.exists()
    with acting_as(None):
        assert not Family.objects.exists()


def test_who_once_told_an_agency_no_is_kept_from_it_when_the_family_is_opened_again(cast, family):
    with acting_as_system("test"):
        record_choices(
            family=family, choices=[Choice(child(family), cast.other_school, 0, mother(family))], actor=cast.alice
        )
        episodes.end(episode=episode_of(family), reason="met", actor=cast.alice)
        again = Episode.objects.create(
            family=family,
            started_at=clock.now(),
            first_contact_by=cast.dana,
            first_contact_agency=cast.other_school,
        )
    assert again.pk
    assert level(cast.dana, family) == Level.BASIC
    with acting_as(cast.dana):
        assert [p.pk for p in Person.objects.filter(family=family)] == [mother(family).pk]
