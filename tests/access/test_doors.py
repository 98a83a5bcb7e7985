"""Every way to see a family opens what it is for, and nothing else; nobody is told of what they may not know."""

import threading
from datetime import date, timedelta

import pytest
from django.db import connection

from consent.models import ExcludedPerson, Tier
from consent.policies import may_give_access
from consent.services.disclosures import not_shared_with
from consent.services.emergency import open_record
from consent.services.excluding import exclude
from consent.services.lawful import LawfulSaid, advisers, share_without_agreement
from consent.services.ledger import all_choices, record_agreement, record_choices, withdraw_from
from consent.word import Choice, Decision
from earlyhelp.access.actions import Asker
from earlyhelp.access.identity import acting_as, acting_as_system
from earlyhelp.access.levels import Level
from earlyhelp.access.models import Grant
from earlyhelp.access.reasons import LEADS
from earlyhelp.accounts.models import Agency, Membership, Role
from earlyhelp.core import clock
from earlyhelp.core.errors import Refused
from earlyhelp.notifications.models import Notification
from earlyhelp.timescales import services as timescales
from earlyhelp.timescales import tasks
from earlyhelp.timescales.models import Timescale
from earlyhelp.workspace.search import find
from families.models import Address, ConnectedUser, Family, Lead, Note, Person, Request, TeamMember
from families.policies import ASK_LOCALITY
from families.presenters import whom_not_to_write_about
from families.services import episodes, people, requests, team
from plans import services as plans
from plans.rules import AgreeSaid
from tests.access.test_own_no import says, sees
from tests.assessments.helpers import started, write
from tests.cast import add_sibling, ask, child, episode_of, make_user, mother, share
from tests.pages import opened, second_page
from tests.plans.helpers import draft_plan


def person_of(family, find_one):
    with acting_as_system("test"):
        return find_one(family)


def told(user, *kinds):
    with acting_as_system("test"):
        return list(Notification.objects.filter(user=user, kind__in=kinds).values_list("kind", flat=True))


def note(family, author, about, text="Said in confidence."):
    with acting_as_system("test"):
        return Note.objects.create(
            family=family, episode=episode_of(family), kind="call", at=clock.now(), with_whom="x",
            about=[p.pk for p in about], text=text, author=author, created_by=author,
        )  # fmt: skip


def reads(user, row):
    with acting_as(user):
        return type(row).objects.filter(pk=row.pk).exists()


def father(cast, family, *agencies):
    tunde = add_sibling(family, cast.alice, kind="adult", first_name="Tunde", last_name="Okafor")
    with acting_as(cast.alice):
        choices = [Choice(tunde, agency, Tier.ADDITIONAL, tunde) for agency in agencies]
        record_choices(family=family, choices=choices, actor=cast.alice)
    return tunde


def end(cast, family):
    with acting_as(cast.alice):
        episodes.end(episode=episode_of(family), reason="met", actor=cast.alice)


def open_again(cast, family, agency, practitioner):
    """The day after, a request opens the family again."""
    with clock.frozen_at(clock.now() + timedelta(days=1)):
        request = ask(cast)
        with acting_as(cast.locality):
            requests.accept(
                request=request, agency=agency, practitioner=practitioner, known_family=family, actor=cast.locality
            )


def member(cast, family, user, agency):
    with acting_as_system("test"):
        TeamMember.objects.create(
            family=family, episode=episode_of(family), user=user, agency=agency, role="contributor",
            status="accepted", invited_by=cast.alice, invited_at=clock.now(),
        )  # fmt: skip


def mother_agrees(cast, family, *agencies):
    with acting_as_system("test"):
        grace, ada = mother(family), child(family)
        record_agreement(family=family, decision=Decision(person=grace, decision="given", how="verbal", decided_on=clock.today(), witness="Alice"), actor=cast.alice, choices=[Choice(p, agency, Tier.ADDITIONAL, grace) for agency in agencies for p in (grace, ada)])  # fmt: skip


def asker(user, family):
    with acting_as(user):
        held = list(Grant.objects.in_force().filter(user=user, family=family))
    return Asker(user, Level(max((g.level for g in held), default=0)), frozenset(g.reason for g in held))


def shared_lawfully(cast, family, *, actor, about, user=None, agency=None, adviser=None):
    with acting_as(actor):
        said = LawfulSaid(
            reason="child_harm", explanation="x", basis="vital_interests", what="x",
            about=[p.pk for p in about], with_whom="x", how="told", decided_at=clock.now(),
            adviser=adviser or cast.manager, advice="Yes.", told=True, user=user,
            agency=agency, access_until=clock.now() + timedelta(days=2) if user else None,
        )  # fmt: skip
        return share_without_agreement(said, family=family, actor=actor)


# A family that is opened again


@pytest.mark.parametrize("other", [False, True])
def test_a_mothers_new_yes_does_not_open_the_father_who_said_no(cast, other, family):
    tunde = father(cast, family, cast.school, cast.health)
    secret = note(family, cast.alice, [tunde])
    says(cast, family, tunde, "refused")
    end(cast, family)
    agency, who = (cast.other_school, cast.dana) if other else (cast.school, cast.alice)
    open_again(cast, family, agency, who)
    mother_agrees(cast, family, agency)
    assert sees(who, tunde)
    assert not reads(who, secret)
    member(cast, family, cast.bob, cast.school)
    assert not sees(cast.bob, tunde)


def test_a_father_who_was_never_asked_about_an_agency_is_asked_before_it_reads_of_him(cast, family):
    tunde = father(cast, family, cast.school)
    secret = note(family, cast.alice, [tunde])
    end(cast, family)
    open_again(cast, family, cast.other_school, cast.dana)
    mother_agrees(cast, family, cast.other_school)
    assert sees(cast.dana, tunde)
    assert not reads(cast.dana, secret)
    with acting_as(cast.dana):
        choices = [Choice(tunde, cast.other_school, Tier.ADDITIONAL, tunde)]
        record_choices(family=family, choices=choices, actor=cast.dana)
    assert reads(cast.dana, secret)


def test_who_is_to_ask_again_lets_nobody_else_in(cast, sign_in, family):
    drugs = Agency.objects.create(name="Castshire Drug Service", kind="health")
    share(cast, family, drugs)
    end(cast, family)
    open_again(cast, family, cast.other_school, cast.dana)
    dana = asker(cast.dana, family)
    assert dana.level == Level.BASIC
    assert not may_give_access(dana)
    assert "Ask the family first" in ASK_LOCALITY.refusal(dana, family)
    url = f"/families/{family.reference}/"
    browser = sign_in(cast.dana)
    page = second_page(browser, f"{url}sharing/agreement/")
    assert f"agency_{drugs.pk}" not in page.content.decode()
    assert not any(name.startswith("agency_") for name in opened(browser, "", page))
    assert browser.get(f"{url}team/ask-to-lead/").status_code == 403
    assert browser.get(f"{url}sharing/stop/{drugs.pk}/").status_code == 403


# One person's no


def test_the_father_who_said_no_stays_hidden_when_the_mother_withdraws_too(cast, family):
    tunde = father(cast, family, cast.school, cast.health)
    member(cast, family, cast.bob, cast.school)
    clerk = make_user("Clerk", cast.school, Role.BUSINESS_SUPPORT, supports=cast.alice)
    says(cast, family, tunde, "refused")
    assert not sees(cast.bob, tunde)
    assert not sees(clerk, tunde)
    says(cast, family, person_of(family, mother), "withdrawn")
    assert not sees(cast.bob, tunde)


def test_the_localitys_help_shows_nothing_of_who_said_no(cast, sign_in, family):
    tunde = father(cast, family, cast.school)
    about_him, about_her = note(family, cast.alice, [tunde]), note(family, cast.alice, [person_of(family, mother)])
    says(cast, family, tunde, "refused")
    with acting_as(cast.alice):
        team.ask_locality(family=family, episode=episode_of(family), reason="Grace relapsed.", actor=cast.alice)
    assert reads(cast.locality, about_her)
    assert not reads(cast.locality, about_him)
    home = sign_in(cast.locality)
    assert "Grace relapsed." in home.get("/").content.decode()
    says(cast, family, person_of(family, mother), "withdrawn")
    assert "Grace relapsed." not in home.get("/").content.decode()


def test_no_copy_about_who_said_no_goes_to_the_agency_that_runs_the_support(cast, family):
    tunde = father(cast, family, cast.school, cast.health)
    member(cast, family, cast.bob, cast.school)
    says(cast, family, tunde, "refused")
    with acting_as(cast.alice):
        for agency in (cast.health, cast.school):
            assert not_shared_with(family=family, agency=agency, about={tunde.pk})
        warned = whom_not_to_write_about(family, Asker(cast.alice, Level.LEAD, frozenset({LEADS})))
    assert any("Birch" in sentence and "Tunde" in sentence for sentence in warned)


def test_what_someone_shares_ends_with_their_own_agreement(cast, family):
    tunde = father(cast, family, cast.school, cast.health)
    says(cast, family, tunde, "given")
    grace = person_of(family, mother)
    with acting_as(cast.alice):
        record_agreement(family=family, decision=Decision(person=grace, decision="given", how="verbal", decided_on=clock.today(), witness="Alice", until=clock.now() + timedelta(days=1)), choices=[], actor=cast.alice)  # fmt: skip
        record_choices(family=family, choices=[Choice(grace, cast.other_school, Tier.BASIC, grace)], actor=cast.alice)
        assert all_choices(family)[grace.pk, cast.other_school.pk].until == clock.now() + timedelta(days=1)
    assert sees(cast.charlie, grace)
    with clock.frozen_at(clock.now() + timedelta(days=2)):
        assert not sees(cast.charlie, grace)
        assert sees(cast.charlie, tunde)


# Who decides for a child


def never_about_ada(cast, family):
    grace, ada = person_of(family, mother), person_of(family, child)
    with acting_as(cast.alice):
        choices = [Choice(ada, cast.health, Tier.NONE, grace, never=True)]
        record_choices(family=family, choices=choices, actor=cast.alice)
    return grace, ada


def test_a_brother_does_not_take_back_a_mothers_never(cast, sign_in, family):
    teen = add_sibling(family, cast.alice, kind="child", first_name="Ife", date_of_birth=date(2010, 1, 1))
    _, ada = never_about_ada(cast, family)
    page = sign_in(cast.alice).post(
        f"/families/{family.reference}/sharing/person/{ada.pk}/",
        {"decided_by": teen.pk, f"agency_{cast.school.pk}": "2", f"agency_{cast.health.pk}": "2", "confirmed": "on"},
    )
    assert "An adult decides for Ada." in page.content.decode()
    assert all_choices(family)[ada.pk, cast.health.pk].never


def test_only_who_said_never_takes_it_back(cast, family):
    tunde = father(cast, family)
    grace, ada = never_about_ada(cast, family)
    with acting_as(cast.alice):
        with pytest.raises(Refused, match="Only they can take it back"):
            record_choices(family=family, choices=[Choice(ada, cast.health, Tier.BASIC, tunde)], actor=cast.alice)
        people.relate(person=grace, to_person=ada, kind="mother", parental_responsibility="yes", actor=cast.alice)
        with pytest.raises(Refused, match="Tunde doesn’t have parental responsibility for Ada"):
            record_choices(family=family, choices=[Choice(ada, cast.school, Tier.ADDITIONAL, tunde),
                                                   Choice(ada, cast.council, Tier.BASIC, tunde)], actor=cast.alice)  # fmt: skip
        record_choices(family=family, choices=[Choice(ada, cast.school, Tier.NONE, tunde)], actor=cast.alice)
        record_choices(family=family, choices=[Choice(ada, cast.health, Tier.BASIC, grace)], actor=cast.alice)
    assert all_choices(family)[ada.pk, cast.school.pk].tier == Tier.NONE
    assert all_choices(family)[ada.pk, cast.health.pk].tier == Tier.BASIC


# Sharing without agreement, emergencies


def test_access_by_lawful_sharing_is_to_what_is_about_the_people_of_the_decision(cast, family):
    ada = person_of(family, child)
    whole = note(family, cast.alice, [], "Grace drinks, and Tunde hit her.")
    hers = note(family, cast.alice, [ada])
    shared_lawfully(cast, family, actor=cast.alice, about=[ada], user=cast.dana, agency=cast.other_school)
    assert reads(cast.dana, hers)
    assert not reads(cast.dana, whole)
    assert not sees(cast.dana, person_of(family, mother))


def test_who_was_let_in_by_name_reads_that_childs_part_on_every_page_and_is_told_what_is_missing(cast, sign_in, family):
    started(cast, family)
    ada = person_of(family, child)
    draft_plan(cast, family)
    note(family, cast.alice, [ada], "Ada sleeps in class.")
    write(cast.alice, family, "child", agency=cast.school, person=ada, needs__worried="Ada is often tired.")
    write(cast.alice, family, "analysis", agency=cast.school, needs__worried="Grace drinks.")
    shared_lawfully(cast, family, actor=cast.alice, about=[ada], user=cast.dana, agency=cast.other_school)
    browser = sign_in(cast.dana)
    url = f"/families/{family.reference}/"
    pages = {path: browser.get(url + path, follow=True).content.decode() for path in ("", *CONTENTS)}
    for path, page in pages.items():
        assert "nothing that is written about the whole family" in page, path
        assert "Grace drinks." not in page, path
        for misleading in ("no assessment yet", "has not started yet", "no plan yet", "No notes yet"):
            assert misleading not in page, path
        for words_of_ada in CONTENTS.get(path, []):
            assert words_of_ada in page, path
    assert "Mornings are calm" not in pages["plan/"]


CONTENTS = {
    "notes/": ["Ada sleeps in class."],
    "assessment/": ["Ada is often tired."],
    "assessment/read/": ["Ada is often tired."],
    "plan/": ["Ada sleeps through", "Teach a bedtime routine"],
}


def test_nobody_who_is_kept_from_a_family_advises_about_it(cast, family):
    with acting_as_system("test"):
        ConnectedUser.objects.create(family=family, user=cast.manager)
    assert cast.manager not in advisers(family, cast.alice)
    with pytest.raises(Refused, match="can be the adviser"):
        shared_lawfully(cast, family, actor=cast.alice, about=[person_of(family, mother)])
    assert not told(cast.manager, "consent.named_as_adviser")


def test_an_emergency_opens_what_is_kept_from_who_sees_the_rest(cast, family):
    head = make_user("Health Manager", cast.health, Role.MANAGER)
    secret = note(family, cast.alice, [father(cast, family, cast.school)])
    assert not reads(head, secret)
    with acting_as(head):
        assert open_record(reference=family.reference, reason="A child may be hurt.", actor=head).url
    assert reads(head, secret)


# Restricted, connected, excluded


def test_deadlines_of_a_restricted_family_are_told_to_who_may_know_it(cast, family):
    with acting_as_system("test"):
        Family.objects.filter(pk=family.pk).update(restricted=True)
    with acting_as(cast.alice):
        deadline = Timescale.objects.filter(family=family, met_at=None).first()
        timescales.ask_extension(
            timescale=deadline, reason="x", due_at=deadline.due_at + timedelta(days=3), actor=cast.alice
        )
    asked = "timescales.extension_asked"
    assert (told(cast.service, asked), told(cast.manager, asked)) == ([asked], [])
    says(cast, family, person_of(family, mother), "withdrawn")
    assert told(cast.service, "families.must_act")
    share(cast, family, cast.school)
    with clock.frozen_at(clock.now() + timedelta(days=40)):
        tasks.sweep()
        tasks.tell()
    with acting_as_system("test"):
        late = Notification.objects.filter(kind__startswith="timescales", reference=family.reference)
        assert {n.user for n in late} == {cast.alice, cast.service}


def test_an_excluded_head_no_longer_reads_the_request_that_their_school_made(cast, sign_in, family):
    head = make_user("Head", cast.other_school, Role.MANAGER)
    with acting_as_system("test"):
        url = f"/requests/{Request.objects.get(family=family).reference}/"
    assert sign_in(head).get(url).status_code == 200
    with acting_as(cast.alice):
        exclude(family=family, name="Head", user=head, decided_by=mother(family), actor=cast.alice)
    assert sign_in(head).get(url).status_code == 404
    with acting_as(head):
        assert not Request.objects.filter(family=family).exists()
    assert sign_in(cast.dana).get(url).status_code == 200


def test_an_answer_is_not_told_to_who_may_no_longer_know_the_family(cast, family):
    with acting_as(cast.alice):
        invited = team.invite(
            family=family, episode=episode_of(family), user=cast.bob, agency=cast.school, role="contributor",
            actor=cast.alice,
        )  # fmt: skip
    with acting_as_system("test"):
        ConnectedUser.objects.create(family=family, user=cast.alice)
    with acting_as(cast.bob):
        team.answer_invitation(member=invited, accept=True, reason="", actor=cast.bob)
    assert told(cast.alice, "families.invitation_answered") == ["families.invitation_answered"]  # Charlie's, before


@pytest.mark.django_db(transaction=True)
def test_nobody_is_kept_from_a_record_and_begins_to_lead_it_at_once(cast, monkeypatch, family):
    from consent.services import excluding

    with acting_as(cast.alice):
        lead = team.ask_to_lead(
            family=family, episode=episode_of(family), user=cast.charlie, agency=cast.health, without_wish="x",
            actor=cast.alice,
        )  # fmt: skip
    refused = []

    def accept():
        try:
            with clock.frozen_at(clock.now()), acting_as(cast.charlie):
                team.answer_lead(lead=Lead.objects.get(pk=lead.pk), accept=True, reason="", actor=cast.charlie)
        except Refused as refusal:
            refused.append(refusal)
        finally:
            connection.close()

    thread = threading.Thread(target=accept)
    real = excluding.runner_of

    def while_they_accept(episode):
        found = real(episode)
        thread.start()
        thread.join(1)
        return found

    monkeypatch.setattr(excluding, "runner_of", while_they_accept)
    with acting_as(cast.manager):
        exclude(family=family, name="Charlie", user=cast.charlie, decided_by=mother(family), actor=cast.manager)
    thread.join(20)
    assert refused
    with acting_as_system("test"):
        assert ExcludedPerson.objects.filter(family=family, user=cast.charlie).exists()
        assert not Lead.objects.filter(family=family, status="accepted", user=cast.charlie).exists()


# Who leads, who is told, who is found


def test_nobody_leads_for_an_agency_that_the_family_does_not_share_with(cast, sign_in, family):
    Membership.objects.create(user=cast.service, agency=cast.other_school, role=Role.PRACTITIONER)
    page = sign_in(cast.service).post(
        f"/families/{family.reference}/team/lead-myself/", {"without_wish": "It can’t wait."}
    )
    assert "You can’t lead yet" in page.content.decode()
    with acting_as_system("test"):
        assert Lead.objects.get(family=family, status="accepted").agency == cast.school


def test_a_plan_is_not_told_to_an_agency_whose_sharing_ended(cast, family):
    plan = draft_plan(cast, family)
    with acting_as(cast.alice):
        withdraw_from(family=family, agency=cast.health, decided_by=mother(family), actor=cast.alice)
        plans.agree(plan=plan, said=AgreeSaid(clock.today(), date(2027, 1, 4)), actor=cast.alice)
    with acting_as_system("test"):
        assert not Notification.objects.filter(user=cast.charlie, kind__startswith="plans").exists()


def test_the_team_is_not_told_whom_someone_keeps_out_or_that_there_is_anyone_else(cast, sign_in, family):
    tunde = add_sibling(family, cast.alice, kind="child", first_name="Tunde", last_name="Okafor")
    url = f"/families/{family.reference}/who-can-see/"
    assert "not about" not in sign_in(cast.charlie).get(url).content.decode()
    member(cast, family, cast.dana, cast.other_school)
    grace = person_of(family, mother)
    with acting_as(cast.alice):
        choices = [
            Choice(grace, cast.other_school, Tier.ADDITIONAL, grace),
            Choice(tunde, cast.health, Tier.BASIC, grace),
            Choice(tunde, cast.other_school, Tier.NONE, grace),
        ]
        record_choices(family=family, choices=choices, actor=cast.alice)
    seen = sign_in(cast.charlie).get(url).content.decode()
    assert "but not about" in seen  # Ada, of whom Charlie may read
    assert "Tunde" not in seen
    assert "but not about Ada Okafor, Tunde Okafor" in sign_in(cast.alice).get(url).content.decode()


def test_a_postcode_finds_only_for_who_may_read_the_address(cast, family):
    with acting_as(cast.alice):
        people.add_address(
            family=family, person=mother(family), lines="1 Oak Road", postcode="MX1 6FQ", do_not_disclose=False,
            actor=cast.alice,
        )  # fmt: skip
        assert find("MX1 6FQ", cast.alice)
    with acting_as(cast.locality):
        assert not Address.objects.filter(family=family).exists()
        assert not find("MX1 6FQ", cast.locality)
        assert find("Okafor", cast.locality)


def test_after_the_end_the_family_still_takes_back_what_it_shared(cast, sign_in, family):
    end(cast, family)
    url = f"/families/{family.reference}/sharing/"
    alice = sign_in(cast.alice)
    assert "Stop sharing" in alice.get(url).content.decode()
    assert alice.get(f"{url}exclude/").status_code == 200
    page = alice.post(f"{url}stop/{cast.school.pk}/", {"decided_by": person_of(family, mother).pk})
    assert page.status_code == 302
    assert asker(cast.alice, family).level == Level.BASIC
    with acting_as(cast.alice):
        assert not Person.objects.filter(family=family).exists()
