"""From request to first contact: nobody is asked twice, and no family is opened twice."""

from datetime import date, timedelta

import pytest

from consent.models import Agreement
from consent.services.ledger import record_agreement
from consent.word import Decision
from earlyhelp.access.identity import acting_as, acting_as_system
from earlyhelp.access.models import Grant
from earlyhelp.accounts.models import Role
from earlyhelp.core import clock
from earlyhelp.core.errors import Refused
from earlyhelp.notifications.models import Notification
from earlyhelp.notifications.registry import words
from earlyhelp.timescales.models import Timescale
from families.clocks import FIRST_CONTACT
from families.models import ContactDetail, Episode, Family, Lead, LocalityHelp, Person, PersonDetails, Request
from families.services import episodes, people, requests
from tests.access.test_doors import mother_agrees
from tests.cast import ask, child, episode_of, led_family, make_user, mother, new_family, share
from tests.journeys.test_refusals import DETAILS, filled

ADA = {"kind": "child", "first_name": "Ada", "last_name": "Okafor", "date_of_birth": date(2017, 6, 9)}
JOE = {"kind": "child", "first_name": "Joe", "last_name": "Okafor", "date_of_birth": date(2020, 1, 5)}


def end(family, actor):
    with acting_as(actor):
        episodes.end(episode=family.episode(), reason="met", actor=actor)


def everywhere(query):
    with acting_as_system("test"):
        return query()


def told(user) -> list[str]:
    with acting_as(user):
        return [words(n) for n in Notification.objects.filter(user=user)]


def accept_url(request, *more) -> str:
    return "/".join([f"/requests/{request.reference}", *map(str, more), ""])


def test_a_request_about_nobody_known_goes_straight_to_the_agency(cast, sign_in):
    request = ask(cast)
    page = sign_in(cast.locality).get(accept_url(request, "accept"), follow=True).content.decode()
    assert "Which agency will make the first contact?" in page
    assert "Is this a family that we know?" not in page


def test_the_officer_is_shown_a_family_that_may_be_the_same_and_adds_the_request_to_it(cast, sign_in, family):
    request = ask(cast, by=cast.bob, people=[ADA, JOE])
    officer = sign_in(cast.locality)
    page = officer.get(accept_url(request, "accept")).content.decode()
    assert "Is this a family that we know?" in page
    assert f"Okafor family, {family.reference}" in page
    assert "Early help is open" in page
    page = officer.get(accept_url(request, "accept"), {"family": family.reference}, follow=True).content.decode()
    assert "Joe Okafor" in page
    assert "Ada Okafor" not in page
    asked_joe = everywhere(lambda: request.people.get(first_name="Joe"))
    page = officer.post(
        accept_url(request, "join", family.reference), {"adding": [str(asked_joe.pk)]}, follow=True
    ).content.decode()
    assert f'href="{family.get_absolute_url()}">{family.reference}</a>' in page
    assert everywhere(Family.objects.count) == 1
    assert everywhere(Episode.objects.count) == 1
    assert everywhere(lambda: sorted(p.first_name for p in family.people())) == ["Ada", "Grace", "Joe"]
    page = officer.get(accept_url(request)).content.decode()
    assert "Added to early help that was open already" in page
    assert family.reference in page
    assert f"a new request came for the family {family.reference}: please read it, and reach the family" in told(
        cast.alice
    )
    with acting_as(cast.alice):
        assert Timescale.objects.get(key=FIRST_CONTACT.key(request)).owner == cast.alice


def test_the_lead_reads_the_request_that_joined_and_the_family_names_it(cast, sign_in, family):
    request = ask(cast, by=cast.bob, people=[ADA], what_for="Ada was cold and hungry on Friday.")
    with acting_as(cast.locality):
        requests.join(request=request, family=family, actor=cast.locality)
    alice = sign_in(cast.alice)
    overview = alice.get(family.get_absolute_url()).content.decode()
    assert "Support was asked for again" in overview
    assert f'href="{accept_url(request)}"' in overview
    assert f'href="{accept_url(request)}"' in alice.get(f"{family.get_absolute_url()}chronology/").content.decode()
    page = alice.get(accept_url(request)).content.decode()
    assert "Ada was cold and hungry on Friday." in page
    assert f'href="{family.get_absolute_url()}"' in page
    charlie = sign_in(cast.charlie)
    assert request.reference not in charlie.get(family.get_absolute_url()).content.decode()


def test_whoever_asks_cannot_tell_that_the_family_was_known_and_gains_nothing(cast, sign_in):
    family = led_family(cast, name="Okafor")
    new = ask(cast, by=cast.dana, name="Quigley", people=[JOE | {"last_name": "Quigley"}])
    asked = ask(cast, by=cast.dana, people=[ADA])
    before = everywhere(lambda: set(Grant.objects.values_list("user", "family", "level", "reason")))
    with acting_as(cast.locality):
        requests.join(request=asked, family=family, actor=cast.locality)
    assert everywhere(lambda: set(Grant.objects.values_list("user", "family", "level", "reason"))) == before
    with acting_as(cast.locality):
        requests.accept(request=new, agency=cast.school, practitioner=cast.alice, actor=cast.locality)
    dana = sign_in(cast.dana)
    pages = []
    for request in (asked, new):
        page = dana.get(accept_url(request)).content.decode()
        body = page.split("<main", 1)[1].split("What was asked")[0]
        pages.append(body.replace(request.reference, "REF").replace(request.family_name, "NAME"))
    assert pages[0] == pages[1]
    assert "First contact: Alice, Birch Primary School, until there is a lead practitioner" in pages[0]
    sentences = [s.replace(asked.reference, "REF").replace(new.reference, "REF") for s in told(cast.dana)]
    assert len([s for s in sentences if s == "the request REF has an answer"]) >= 2
    assert dana.get(family.get_absolute_url()).status_code == 404
    with acting_as(cast.dana):
        assert not Family.objects.exists()


def test_a_family_whose_early_help_ended_is_opened_again_and_keeps_what_is_recorded(cast, sign_in, family):
    end(family, cast.alice)
    with acting_as_system("test"):
        ada = child(family)
        Person.objects.filter(pk=ada.pk).update(known_as="Addie", gender="girl")
        ContactDetail.objects.create(family=family, person=ada, kind="phone", value="07700 900001", voicemail=True)
    request = ask(cast, people=[ADA | {"phone": "07700 900999"}, JOE])
    officer = sign_in(cast.locality)
    assert "Early help has ended" in officer.get(accept_url(request, "accept")).content.decode()
    page = officer.get(accept_url(request, "accept"), {"family": family.reference}, follow=True).content.decode()
    assert "opens early help again" in page
    url = accept_url(request, "accept", family.reference, cast.health.pk)
    page = officer.get(url).content.decode()
    assert "Joe Okafor" in page
    adding = [str(p.pk) for p in everywhere(lambda: list(request.people.all()))]
    page = officer.post(url, {"practitioner": str(cast.charlie.pk), "adding": adding[1:]}, follow=True).content.decode()
    assert family.reference in page
    with acting_as_system("test"):
        assert Family.objects.count() == 1
        assert [e.ended_at is None for e in Episode.objects.order_by("pk")] == [False, True]
        assert Request.objects.get(pk=request.pk).episode == family.episode()
        ada.refresh_from_db()
        assert (ada.known_as, ada.gender) == ("Addie", "girl")
        assert [c.value for c in ContactDetail.objects.filter(person=ada)] == ["07700 900001"]
        assert sorted(p.first_name for p in family.people()) == ["Ada", "Grace", "Joe"]


def test_who_led_before_leads_no_more_when_a_family_is_opened_again(cast, sign_in, family):
    end(family, cast.alice)
    request = ask(cast)
    with acting_as(cast.locality):
        requests.accept(
            request=request, agency=cast.health, practitioner=cast.charlie, known_family=family, actor=cast.locality
        )
    assert everywhere(lambda: not Lead.objects.filter(status="accepted").exists())
    assert sign_in(cast.alice).get(family.get_absolute_url()).status_code == 404
    page = sign_in(cast.charlie).get(family.get_absolute_url()).content.decode()
    assert "Make the first contact" in page
    assert "First contact: Charlie, Health visiting, until there is a lead practitioner" in page


def test_an_agency_that_was_never_asked_reads_the_request_and_not_the_earlier_record(cast, sign_in, family):
    with acting_as(cast.alice):
        episodes.write_note(
            family=family, episode=episode_of(family), kind="call", at=clock.now(), with_whom="Grace", about=[],
            text="Said in confidence, long ago.", actor=cast.alice,
        )  # fmt: skip
    end(family, cast.alice)
    request = ask(cast)
    with acting_as(cast.locality):
        requests.accept(
            request=request, agency=cast.other_school, practitioner=cast.dana, known_family=family, actor=cast.locality
        )
    url, dana = family.get_absolute_url(), sign_in(cast.dana)
    page = dana.get(url).content.decode()
    assert "This family had early help before" in page
    assert "the family did not share it with Oak Primary School" in page
    assert dana.get(f"{url}chronology/").status_code == 403
    assert dana.get(f"{url}notes/").status_code == 403
    assert "Ada is often late and tired." in dana.get(f"/requests/{request.reference}/").content.decode()
    contact = {"at_day": "23", "at_month": "11", "at_year": "2026", "at_time": "9:30", "happened": "call:yes"}
    assert dana.post(f"{url}contact/", contact).status_code == 302
    share(cast, family, cast.other_school)
    assert "Said in confidence, long ago." in dana.get(f"{url}notes/").content.decode()


def test_what_was_recorded_before_is_closed_until_the_family_is_asked_again_except_of_whoever_said_no(cast, family):
    with acting_as(cast.alice):
        tunde = people.add_person(family=family, actor=cast.alice, kind="adult", first_name="Tunde", last_name="Okafor")
        record_agreement(family=family, decision=Decision(person=tunde, decision="refused", how="verbal", decided_on=clock.today(), witness="Alice"), choices=[], actor=cast.alice)  # fmt: skip
    end(family, cast.alice)
    request = ask(cast)
    with acting_as(cast.locality):
        requests.accept(
            request=request, agency=cast.school, practitioner=cast.bob, known_family=family, actor=cast.locality
        )
    with acting_as(cast.bob):
        assert set(family.people().values_list("first_name", flat=True)) == {"Grace", "Ada", "Tunde"}
        assert not PersonDetails.objects.filter(family=family).exists()
    mother_agrees(cast, family, cast.school)
    with acting_as(cast.bob):
        told = set(PersonDetails.objects.filter(family=family).values_list("person__first_name", flat=True))
    assert told == {"Grace", "Ada"}


def test_clocks_of_an_episode_that_ended_do_not_run_again(cast, family):
    with acting_as_system("test"):
        Agreement.objects.create(
            family=family, episode=family.episode(), person=mother(family), decision="withdrawn", how="verbal",
            decided_on=clock.today(), witness="Alice", created_by=cast.alice,
        )  # fmt: skip
        from earlyhelp.timescales import services as timescales

        timescales.stop(family_id=family.pk, because="agreement withdrawn")
        old = set(Timescale.objects.filter(family=family, met_at=None).values_list("pk", flat=True))
    assert old
    end(family, cast.manager)
    request = ask(cast)
    with acting_as(cast.locality):
        requests.accept(
            request=request, agency=cast.school, practitioner=cast.alice, known_family=family, actor=cast.locality
        )
    share(cast, family, cast.school)
    assert everywhere(lambda: not Timescale.objects.filter(pk__in=old, stopped_at=None).exists())


def test_a_restricted_family_is_never_offered_and_the_service_manager_is_told(cast, sign_in, family):
    everywhere(lambda: Family.objects.filter(pk=family.pk).update(restricted=True))
    request = ask(cast, by=cast.bob)
    for user in (cast.locality, cast.service):
        page = sign_in(user).get(accept_url(request, "accept"), follow=True).content.decode()
        assert family.reference not in page
        assert "may already be known" not in page.lower()
        assert "Which agency" in page
    assert any(family.reference in sentence and "restricted" in sentence for sentence in told(cast.service))
    assert sign_in(cast.locality).get(accept_url(request, "join", family.reference)).status_code == 404
    assert sign_in(cast.service).get(accept_url(request, "join", family.reference)).status_code == 404
    with acting_as(cast.service), pytest.raises(Refused):
        requests.join(request=request, family=family, actor=cast.service)


def test_a_family_of_another_area_is_only_somebody_to_speak_to(cast, sign_in, family):
    everywhere(lambda: Family.objects.filter(pk=family.pk).update(locality=cast.south))
    request = ask(cast, by=cast.bob)
    page = sign_in(cast.locality).get(accept_url(request, "accept")).content.decode()
    assert "May already be known elsewhere" in page
    assert "the early help team for South" in page
    assert family.reference not in page
    assert "Go on with a new family" in page
    assert sign_in(cast.locality).get(accept_url(request, "join", family.reference)).status_code == 404
    assert family.reference in sign_in(cast.service).get(accept_url(request, "accept")).content.decode()


def test_somebody_alike_is_named_and_not_ticked(cast, sign_in, family):
    request = ask(cast, by=cast.bob, people=[ADA | {"first_name": "Adah", "date_of_birth": date(2017, 6, 19)}])
    page = sign_in(cast.locality).get(accept_url(request, "join", family.reference)).content.decode()
    assert "May be the same as Ada Okafor, born 9 June 2017" in page
    assert "checked" not in page.split('name="adding"')[1].split(">")[0]


def test_twins_with_the_same_birthday_are_two_people(cast, family):
    twin = ADA | {"first_name": "Adele"}
    request = ask(cast, by=cast.bob, people=[ADA, twin])
    with acting_as(cast.locality):
        requests.join(request=request, family=family, actor=cast.locality, adding=list(request.people.all()))
    assert everywhere(lambda: sorted(p.first_name for p in family.people())) == ["Ada", "Adele", "Grace"]


def test_two_officers_cannot_open_one_family_twice(cast, family):
    end(family, cast.alice)
    first, second = ask(cast), ask(cast, by=cast.bob)
    accept = {"agency": cast.school, "practitioner": cast.alice, "known_family": family, "actor": cast.locality}
    with acting_as(cast.locality):
        requests.accept(request=first, **accept)
        with pytest.raises(Refused, match="begun already"):
            requests.accept(request=second, **accept)
        requests.join(request=second, family=family, actor=cast.locality)


def test_a_try_before_the_second_request_does_not_meet_its_clock(cast):
    family = new_family(cast)
    second = ask(cast, by=cast.bob, received_at=clock.now() - timedelta(minutes=10))
    with acting_as(cast.locality):
        requests.join(request=second, family=family, actor=cast.locality)
    with acting_as(cast.alice):
        tried = {"family": family, "episode": family.episode(), "how": "call", "reached": False, "note": ""}
        episodes.record_contact(at=clock.now() - timedelta(hours=1), actor=cast.alice, **tried)
        assert Timescale.objects.get(key=FIRST_CONTACT.key(second)).met_at is None
        episodes.record_contact(at=clock.now(), actor=cast.alice, **tried)
        assert Timescale.objects.get(key=FIRST_CONTACT.key(second)).met_at == clock.now()


# Agreement


def test_what_the_asker_recorded_is_carried_to_whoever_asks_the_family_and_is_no_agreement(cast, sign_in):
    family = new_family(cast)
    url = f"{family.get_absolute_url()}sharing/agreement/"
    page = sign_in(cast.alice).get(url).content.decode()
    assert (
        "Dana of Oak Primary School recorded on 23 November 2026: Grace Okafor agreed (said so) on 23 November 2026."
        " Asked: Grace, Ada’s mother. Check it with the family." in " ".join(page.split())
    )
    assert 'value="Dana"' not in page, "who heard it, and how, is for who asks the family now"
    assert not any("checked" in part.split(">")[0] for part in page.split('name="how"')[1:])
    person = page.split('name="person"', 1)[1].split(">", 1)[0]
    assert "checked" in person
    assert not any("checked" in part.split(">")[0] for part in page.split('name="decision"')[1:])
    assert everywhere(lambda: not Agreement.objects.exists())
    share(cast, family, cast.school)
    assert "Check it with the family" not in sign_in(cast.alice).get(url).content.decode()


# Help to find a lead


def test_the_locality_is_asked_to_help_find_a_lead_and_says_when_it_is_done(cast, sign_in):
    family = new_family(cast)
    share(cast, family, cast.school)
    alice, officer = sign_in(cast.alice), sign_in(cast.locality)
    assert "Ask the locality to help find a lead" in alice.get(family.get_absolute_url()).content.decode()
    url = f"{family.get_absolute_url()}team/ask-locality/"
    assert "Enter why a lead is hard to find" in alice.post(url, {"reason": ""}).content.decode()
    page = alice.post(url, {"reason": "Two people declined."}, follow=True).content.decode()
    assert "The early help team for North has been asked." in page
    assert "Ask the locality to help find a lead" not in page
    assert f"please help find who leads for the family {family.reference}" in told(cast.locality)
    home = officer.get("/").content.decode()
    assert "Help find who leads: Okafor family" in home
    assert "Two people declined." in home
    asked = everywhere(LocalityHelp.objects.get)
    done = f"{family.get_absolute_url()}team/help/{asked.pk}/done/"
    assert sign_in(cast.dana).post(done).status_code == 404
    assert sign_in(cast.service).get(done).status_code == 200
    assert "Ended. Who asked has been told." in officer.post(done, follow=True).content.decode()
    assert "Help find who leads" not in officer.get("/").content.decode()
    asked = everywhere(LocalityHelp.objects.get)
    assert (asked.status, asked.ended_at, asked.ended_by_id) == ("done", clock.now(), cast.locality.pk)
    assert any("done what it could" in sentence for sentence in told(cast.alice))
    assert "Two people declined." in alice.get(f"{family.get_absolute_url()}team/").content.decode()


def test_the_localitys_help_ends_when_someone_leads_or_early_help_ends(cast, sign_in):
    for name, how in (("Okafor", "leads"), ("Nwosu", "ends")):
        family = new_family(cast, name=name)
        share(cast, family, cast.school)
        alice = sign_in(cast.alice)
        alice.post(f"{family.get_absolute_url()}team/ask-locality/", {"reason": "Nobody has time."})
        if how == "leads":
            alice.post(f"{family.get_absolute_url()}team/lead-myself/", {"without_wish": "Grace knows Alice."})
        else:
            end(family, cast.alice)
        assert everywhere(lambda family=family: LocalityHelp.objects.get(family=family).status) == "done"


def test_a_restricted_family_is_not_told_to_the_locality(cast, sign_in):
    family = new_family(cast)
    everywhere(lambda: Family.objects.filter(pk=family.pk).update(restricted=True))
    page = sign_in(cast.alice).post(f"{family.get_absolute_url()}team/ask-locality/", {"reason": "Hard."})
    assert page.status_code == 403
    assert "ask the early help service manager" in page.content.decode()
    assert not any(family.reference in sentence for sentence in told(cast.locality))


# Leading oneself


def test_who_will_lead_presses_it_and_leads_at_once(cast, sign_in):
    family = new_family(cast)
    share(cast, family, cast.school)
    alice = sign_in(cast.alice)
    page = alice.get(f"{family.get_absolute_url()}team/ask-to-lead/")
    assert "I will lead" in page.content.decode()
    assert [one.user.name for one in page.context["form"].found] == ["Bob", "Manager"]
    invite = alice.get(f"{family.get_absolute_url()}team/invite/")
    assert [one.user.name for one in invite.context["form"].found] == ["Bob", "Manager"]
    url = f"{family.get_absolute_url()}team/lead-myself/"
    assert "Record first whom they would like to lead" in alice.post(url, {"without_wish": ""}).content.decode()
    page = alice.post(url, {"without_wish": "Grace knows Alice."}, follow=True).content.decode()
    assert "You lead for this family." in page
    lead = everywhere(Lead.objects.get)
    assert (lead.status, lead.user_id, lead.without_wish) == ("accepted", cast.alice.pk, "Grace knows Alice.")
    assert not any("asked to lead" in s or "answer about who leads" in s for s in told(cast.alice))


def test_nobody_leads_by_themselves_before_the_family_agrees(cast, sign_in):
    family = new_family(cast)
    page = sign_in(cast.alice).post(f"{family.get_absolute_url()}team/lead-myself/", {"without_wish": "It can’t wait."})
    assert "the family has to agree to early help" in page.content.decode()
    assert everywhere(lambda: not Lead.objects.exists())
    other = make_user("Second Manager", cast.school, Role.MANAGER)
    assert sign_in(other).get(family.get_absolute_url()).status_code == 200
    assert sign_in(cast.charlie).post(f"{family.get_absolute_url()}team/lead-myself/").status_code == 404


# Words


def test_a_try_that_reached_nobody_is_not_said_to_be_a_contact(cast, sign_in):
    family = new_family(cast)
    alice = sign_in(cast.alice)
    with acting_as(cast.alice):
        tried = {"family": family, "episode": family.episode(), "how": "call", "note": "", "actor": cast.alice}
        episodes.record_contact(at=clock.now() - timedelta(hours=1), reached=False, **tried)
    page = alice.get(family.get_absolute_url()).content.decode()
    assert "a try was made on 23 November 2026 at 9:00am (nobody reached); the clock is met" in page
    assert "Contact made" not in page.split("What changed lately")[0]
    with acting_as(cast.alice):
        episodes.record_contact(at=clock.now(), reached=True, **tried)
    page = alice.get(family.get_absolute_url()).content.decode()
    assert "(nobody reached); the clock is met" in page
    assert "Contact made: 23 November 2026 at 10:00am" in page


def test_what_was_never_asked_about_a_number_is_not_said_to_be_forbidden(cast, sign_in):
    family = new_family(cast)
    alice = sign_in(cast.alice)
    with acting_as(cast.alice):
        url = f"{family.get_absolute_url()}people/{mother(family).pk}/contact/"
    alice.post(url, {"kind": "phone", "value": "07700 900123", "voicemail": "no"})
    page = alice.get(f"{family.get_absolute_url()}people/").content.decode()
    assert "No voicemail" in page
    assert "Texts: not asked" in page
    assert "No texts" not in page


# Drafts


def test_several_requests_are_under_way_at_a_time_and_each_is_listed(cast, sign_in):
    dana = sign_in(cast.dana)
    addresses = set()
    for name in ("Okafor", "Quigley"):
        url = dana.get("/requests/new/details/", follow=True).request["PATH_INFO"]
        addresses.add(url)
        dana.post(url, filled(cast, family_name=name, tried=""))
    assert len(addresses) == 2
    page = dana.get("/requests/").content.decode()
    for url in addresses:
        assert f'href="{url}?draft=' in page
    assert "Okafor" in page
    assert "Quigley" in page
    assert "Requests you began" in page
    assert "Discard" in page
    assert (
        'value="Quigley"'
        in dana.get(max(addresses, key=lambda u: "Quigley" in dana.get(u).content.decode())).content.decode()
    )
    assert "Quigley" not in sign_in(cast.bob).get("/requests/").content.decode()
    okafor = next(u for u in addresses if 'value="Okafor"' in dana.get(u).content.decode())
    dana.post(okafor, filled(cast))
    page = dana.get("/requests/").content.decode().split("Requests you made")[0]
    assert "Quigley" in page
    assert "Okafor" not in page


def test_the_old_address_of_a_draft_begins_a_new_one(cast, sign_in):
    dana = sign_in(cast.dana)
    dana.post(DETAILS, filled(cast, tried=""))
    page = dana.get("/requests/new/details/", follow=True)
    assert page.request["PATH_INFO"] != DETAILS
    assert "Ada is tired" not in page.content.decode()


def test_whom_a_young_person_does_not_want_told_stands_wherever_someone_may_call_the_family(cast, sign_in):
    never, alone = "My stepfather, he gets angry", "She is afraid to tell her mother."
    missing = sign_in(cast.dana).post(DETAILS, filled(cast, who_asks="young_person"))
    assert "Enter whether a parent is involved, and if not, why not" in missing.content.decode()
    dana = sign_in(cast.dana)
    sent = dana.post(DETAILS, filled(cast, who_asks="young_person", must_not_know=never, no_parent=alone), follow=True)
    assert "Request sent" in sent.content.decode()
    request = everywhere(lambda: Request.objects.latest("created_at"))
    url = f"/requests/{request.reference}/"
    assert never in sign_in(cast.locality).get(url).content.decode()
    assert alone in sign_in(cast.locality).get(url).content.decode()
    with acting_as(cast.locality):
        family = requests.accept(
            request=Request.objects.get(pk=request.pk), agency=cast.school, practitioner=cast.alice, actor=cast.locality
        )
    alice = sign_in(cast.alice)
    for page in (url, family.get_absolute_url(), f"{family.get_absolute_url()}contact/"):
        assert never in alice.get(page).content.decode(), page
    assert never not in sign_in(cast.locality).get(family.get_absolute_url()).content.decode()


def test_who_asks_for_a_family_says_nothing_of_whom_not_to_tell(cast, sign_in):
    sign_in(cast.dana).post(DETAILS, filled(cast, must_not_know="Left over from another answer"))
    assert everywhere(lambda: Request.objects.latest("created_at").said.must_not_know) == ""
