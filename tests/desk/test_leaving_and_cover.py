"""Who is away, who lost their code, who left, and an agency that closes: nothing is lost, and nobody is let in by it."""

from contextlib import suppress
from datetime import timedelta

import pytest
from allauth.mfa.models import Authenticator

from earlyhelp.access.identity import acting_as_system
from earlyhelp.access.models import Grant
from earlyhelp.access.triggers import disagreements
from earlyhelp.accounts.models import Agency, Cover, Role
from earlyhelp.accounts.roles import managers_of
from earlyhelp.core import clock
from earlyhelp.core.errors import Refused
from earlyhelp.desk.models import DeskChange
from earlyhelp.desk.services import cover, people, places
from earlyhelp.desk.tasks import close_agencies
from earlyhelp.notifications.tasks import deliver
from families.models import Episode, Lead, TeamMember
from tests.cast import make_user
from tests.pages import opened, text_of
from tests.plans.helpers import agreed_plan, day


def cover_page(person) -> str:
    return f"/settings/people/{person.pk}/cover/"


def test_someone_stands_in_sees_and_does_what_the_lead_does_until_the_day(cast, sign_in, family, mailoutbox):
    agreed_plan(cast, family)
    bob, manager, url = sign_in(cast.bob), sign_in(cast.manager), family.get_absolute_url()
    assert bob.get(url).status_code == 404
    page = text_of(manager.get(cover_page(cast.alice)))
    assert "they see and do what Alice does" in page
    form = opened(manager, cover_page(cast.alice))
    assert "Select who stands in for them" in text_of(manager.post(cover_page(cast.alice), form))
    late = form | {"user": cast.bob.pk} | day("last_day", clock.today() + timedelta(days=200))
    assert "must be within three months" in text_of(manager.post(cover_page(cast.alice), late))
    right = form | {"user": cast.bob.pk} | day("last_day", clock.today() + timedelta(days=6))
    answer = text_of(manager.post(cover_page(cast.alice), right, follow=True))
    assert "Bob stands in at Birch Primary School until the end of 29 November 2026" in answer
    assert bob.get(f"{url}plan/").status_code == 200
    home = text_of(bob.get("/"))
    assert "Hold the review" in home
    assert "Okafor family" in home
    assert "Stands in for your lead practitioner" in text_of(sign_in(cast.alice).get(f"{url}who-can-see/family/"))
    deliver()
    assert {cast.bob.email, cast.alice.email} <= {mail.to[0] for mail in mailoutbox}
    with clock.frozen_at(clock.now() + timedelta(days=7)):
        assert bob.get(url).status_code == 404
        assert "Okafor" not in text_of(bob.get("/"))


def test_it_ends_sooner_when_someone_says_so_or_the_lead_leaves(cast, sign_in, family):
    last_day = clock.today() + timedelta(days=6)
    said = {"covered": cast.alice, "user": cast.bob, "agency": cast.school, "last_day": last_day}
    cover.give(**said, actor=cast.manager)
    bob, manager = sign_in(cast.bob), sign_in(cast.manager)
    assert bob.get(family.get_absolute_url()).status_code == 200
    url = f"{cover_page(cast.alice)}{Cover.objects.get().pk}/end/"
    manager.post(url, opened(manager, url))
    assert bob.get(family.get_absolute_url()).status_code == 404
    cover.give(**said, actor=cast.manager)
    assert bob.get(family.get_absolute_url()).status_code == 200
    people.switch_off(user=cast.alice, why="She left", actor=cast.admin)
    assert bob.get(family.get_absolute_url()).status_code == 404
    assert not any(disagreements().values())


def test_nobody_lets_themselves_in_or_someone_from_elsewhere(cast, family):
    head = make_user("Head", cast.other_school, Role.MANAGER)
    last_day = clock.today() + timedelta(days=6)
    for user, agency, actor in (
        (cast.manager, cast.school, cast.manager),  # oneself
        (cast.dana, cast.school, cast.manager),  # doesn't work there
        (cast.dana, cast.other_school, head),  # whom they cover doesn't lead there: it opens nothing
        (cast.bob, cast.school, head),  # not their agency
    ):
        with suppress(Refused):
            cover.give(covered=cast.alice, user=user, agency=agency, last_day=last_day, actor=actor)
    with acting_as_system("test"):
        assert not Grant.objects.filter(reason="covers").exists()


def test_a_lost_code_is_taken_away_by_someone_else_and_told(cast, sign_in, mailoutbox):
    Authenticator.objects.create(user=cast.manager, type="totp", data={"secret": "x"})
    Authenticator.objects.create(user=cast.admin, type="totp", data={"secret": "x"})
    admin = sign_in(cast.admin)
    url = f"/settings/people/{cast.manager.pk}/code/"
    assert url in admin.get(f"/settings/people/{cast.manager.pk}/").content.decode()
    form = opened(admin, url)
    assert "Enter how you know that it is them who ask" in text_of(admin.post(url, form))
    assert Authenticator.objects.filter(user=cast.manager).exists()
    admin.post(url, form | {"why": "I rang her at the school."})
    assert not Authenticator.objects.filter(user=cast.manager).exists()
    assert DeskChange.objects.first().why == "I rang her at the school."
    deliver()
    assert [mail.to for mail in mailoutbox if "one-time code was taken away" in mail.body] == [[cast.manager.email]]
    own = f"/settings/people/{cast.admin.pk}/code/"
    assert own not in admin.get(f"/settings/people/{cast.admin.pk}/").content.decode()
    assert "Nobody takes their own code away" in text_of(
        admin.post(own, opened(admin, own) | {"why": "I have a new phone."})
    )
    assert Authenticator.objects.filter(user=cast.admin).exists()


def test_what_someone_left_is_listed_for_their_manager_with_who_can_take_it(cast, sign_in, family):
    agreed_plan(cast, family)
    manager = sign_in(cast.manager)
    assert "Nothing is left" in text_of(manager.get("/left/"))
    people.switch_off(user=cast.alice, why="She left", actor=cast.admin)
    people.switch_off(user=cast.charlie, why="He left", actor=cast.admin)
    page = text_of(manager.get("/left/"))
    assert "Okafor family Alice" in page
    assert "Charlie, Health visiting" in page
    assert "Ring the breakfast club Okafor family Alice" in page
    with acting_as_system("test"):
        place = TeamMember.objects.get(user=cast.charlie)
    links = manager.get("/left/").content.decode()
    for url in (f"{family.get_absolute_url()}team/ask-to-lead/", f"{family.get_absolute_url()}team/{place.pk}/end/"):
        assert url in links
        assert manager.get(url).status_code == 200
    assert "Nothing is left" in text_of(sign_in(make_user("Head", cast.other_school, Role.MANAGER)).get("/left/"))
    assert sign_in(cast.admin).get("/left/").status_code == 403


def test_an_agency_closes_on_its_day_with_what_hangs_on_it_told(cast, sign_in, family, mailoutbox):
    agreed_plan(cast, family)
    admin, url = sign_in(cast.admin), f"/settings/agencies/{cast.school.pk}/close/"
    page = text_of(admin.get(url))
    for said in ("3 people work there", "It runs the support of 1 family", "1 action of families’ plans still to do"):
        assert said in page
    assert "Okafor" not in page
    form = opened(admin, url)
    assert "Enter its last day" in text_of(admin.post(url, form | {"why": "It merges."}))
    last_day = clock.today() + timedelta(days=20)
    admin.post(url, form | {"why": "It merges."} | day("last_day", last_day))
    deliver()
    assert [mail.to for mail in mailoutbox if "closes: please hand" in mail.body] == [[cast.manager.email]]
    manager, alice = sign_in(cast.manager), sign_in(cast.alice)
    assert "Birch Primary School closes at the end of 13 December 2026" in text_of(manager.get("/"))
    assert "closes at the end of 13 December 2026: 1 family to hand over" in text_of(sign_in(cast.service).get("/"))
    assert alice.get(family.get_absolute_url()).status_code == 200
    with clock.frozen_at(clock.now() + timedelta(days=21)):
        assert alice.get(family.get_absolute_url()).status_code == 404
        assert "1 Without a lead" in text_of(sign_in(cast.service).get("/"))
        assert close_agencies() == 1
        assert close_agencies() == 0
        assert not Agency.objects.get(pk=cast.school.pk).is_open
        assert not managers_of(cast.school).exists()
        again = f"/settings/agencies/{cast.school.pk}/open/"
        admin.post(again, opened(admin, again) | {"why": "It was a mistake."})
        assert alice.get(family.get_absolute_url()).status_code == 200
    assert not any(disagreements().values())


def test_the_agency_of_the_only_administrators_stays(cast):
    with pytest.raises(Refused, match="The only service administrators work here"):
        places.begin_to_close(agency=cast.council, last_day=clock.today(), why="x", actor=cast.admin)


def test_who_stands_in_sees_no_family_whose_help_ended_and_leads_none_themselves(cast, sign_in, family):
    last_day = clock.today() + timedelta(days=6)
    cover.give(covered=cast.alice, user=cast.bob, agency=cast.school, last_day=last_day, actor=cast.manager)
    bob, url = sign_in(cast.bob), family.get_absolute_url()
    refused = bob.get(f"{url}team/lead-myself/")
    assert refused.status_code == 403
    assert "You stand in for the lead for some days" in text_of(refused)
    with acting_as_system("test"):
        Episode.objects.filter(family=family).update(ended_at=clock.now(), end_reason="met", stage="ended")
    assert bob.get(url).status_code == 404
    assert not any(disagreements().values())


def test_who_stands_in_makes_the_first_contact_with_a_family_that_was_helped_before(cast, sign_in, family):
    with acting_as_system("test"):
        Episode.objects.filter(family=family).update(ended_at=clock.now(), end_reason="met", stage="ended")
        Lead.objects.filter(family=family).update(status="ended")
        Episode.objects.create(
            family=family, started_at=clock.now(), first_contact_by=cast.alice, first_contact_agency=cast.school
        )
    last_day = clock.today() + timedelta(days=6)
    cover.give(covered=cast.alice, user=cast.bob, agency=cast.school, last_day=last_day, actor=cast.manager)
    bob, url = sign_in(cast.bob), family.get_absolute_url()
    assert bob.get(f"{url}contact/").status_code == 200
    assert bob.get(f"{url}team/ask-to-lead/").status_code == 403
    assert bob.get(f"{url}notes/").status_code == 403


def test_managers_hear_when_an_administrator_lets_someone_stand_in(cast, mailoutbox):
    last_day = clock.today() + timedelta(days=6)
    cover.give(covered=cast.alice, user=cast.bob, agency=cast.school, last_day=last_day, actor=cast.admin)
    deliver()
    assert cast.manager.email in {mail.to[0] for mail in mailoutbox}


def test_of_two_agencies_with_administrators_only_one_closes(cast):
    other = make_user("Other", cast.health, Role.ADMINISTRATOR)
    places.begin_to_close(agency=cast.health, last_day=clock.today(), why="It moves.", actor=other)
    with pytest.raises(Refused, match="The only service administrators work here"):
        places.begin_to_close(agency=cast.council, last_day=clock.today(), why="It moves.", actor=cast.admin)
