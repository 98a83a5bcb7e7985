"""Who may be given something of a family: what is offered, what the services accept and what the rule grants are one."""

import re

import pytest
from django.urls import reverse

from consent.models import Tier
from earlyhelp.access.identity import acting_as, acting_as_system
from earlyhelp.accounts.models import Agency, Membership, Role, User
from earlyhelp.core.errors import Refused
from families.models import Family, Lead, Request, TeamMember
from families.services import requests, team
from tests.access.test_doors import end
from tests.cast import ask, episode_of, led_family, make_users, new_family, share
from tests.pages import text_of

LEADS = {Role.PRACTITIONER, Role.MANAGER, Role.SOCIAL_WORKER}
JOINS = LEADS | {Role.LOCALITY_OFFICER}
THINGS = {"lead": LEADS, "team": JOINS, "new family": JOINS, "known family": LEADS, "without agreement": JOINS}


@pytest.fixture
def everybody(cast) -> dict[Role, User]:
    """One person of every role in health, which the family shares with."""
    works = {
        f"Health {role.label.lower()}": Membership(
            agency=cast.health,
            role=role,
            locality=cast.north if role == Role.LOCALITY_OFFICER else None,
            supports=cast.charlie if role == Role.BUSINESS_SUPPORT else None,
        )
        for role in Role
    }
    return dict(zip(Role, make_users(works), strict=True))


def page_of(cast, family, thing: str) -> str:
    if "family" in thing:
        request = ask(cast)
        into = "new" if thing == "new family" else family.reference
        return reverse("accept_into_by", args=[request.reference, into, cast.health.pk])
    name = {"lead": "ask_to_lead", "team": "invite", "without agreement": "share_lawfully"}[thing]
    return reverse(name, args=[family.reference])


def give(cast, family, thing: str, user: User) -> None:
    if "family" in thing:
        with acting_as(cast.locality):
            known = family if thing == "known family" else None
            requests.accept(
                request=Request.objects.get(pk=ask(cast).pk), agency=cast.health, practitioner=user,
                known_family=known, new_because="x", actor=cast.locality,
            )  # fmt: skip
        return
    here = {"family": family, "episode": episode_of(family), "user": user, "agency": cast.health, "actor": cast.alice}
    with acting_as(cast.alice):
        if thing == "lead":
            team.ask_to_lead(**here, without_wish="x")
        else:
            team.invite(**here, role="contributor")


def offered(page) -> set[str]:
    """Whom a page offers, by what its radios say, or its list of accounts."""
    html = page.content.decode()
    accounts = html.partition('name="account"')[2].partition("</select>")[0]
    html = html.replace("Stay on the team", "").replace("End my part", "")
    return set(re.findall(r'<label class="govuk-label govuk-radios__label"[^>]*>\s*([^<]+?)\s*</label>', html)) | {
        option.partition(",")[0] for option in re.findall(r"<option[^>]*>\s*([^<]+?)\s*</option>", accounts)
    }


@pytest.mark.parametrize("thing", THINGS)
def test_only_roles_that_work_with_families_are_offered(cast, sign_in, family, everybody, thing):
    if "family" in thing:
        end(cast, family)
    who = cast.locality if "family" in thing else cast.alice
    found = offered(sign_in(who).get(page_of(cast, family, thing)))
    assert {role for role, user in everybody.items() if user.name in found} == THINGS[thing]


@pytest.mark.parametrize("role", Role)
@pytest.mark.parametrize("thing", [thing for thing in THINGS if thing != "without agreement"])
def test_the_services_accept_whom_the_pages_offer_and_nobody_else(cast, family, everybody, thing, role):
    if "family" in thing:
        end(cast, family)
    if role in THINGS[thing]:
        give(cast, family, thing, everybody[role])
        return
    with pytest.raises(Refused, match="can’t be given this"):
        give(cast, family, thing, everybody[role])
    with acting_as_system("test"):
        assert not Lead.objects.filter(user=everybody[role]).exists()
        assert not TeamMember.objects.filter(user=everybody[role]).exists()


@pytest.mark.parametrize("role", [Role.ADMINISTRATOR, Role.AUDITOR, Role.BUSINESS_SUPPORT])
def test_who_was_given_a_family_before_their_role_changed_finds_none_of_its_pages(cast, sign_in, family, role):
    Membership.objects.filter(user=cast.charlie).update(role=role, supports=cast.dana)
    charlie, url = sign_in(cast.charlie), family.get_absolute_url()
    for page in ("", "people/", "notes/", "documents/", "chronology/", "team/", "sharing/", "assessment/", "plan/"):
        assert charlie.get(url + page).status_code == 404, page
    with acting_as(cast.charlie):
        assert not Family.objects.exists()


def test_the_service_manager_is_not_offered_to_lead_and_leads_nobody(cast, sign_in):
    family = new_family(cast)
    share(cast, family, cast.school)
    service = sign_in(cast.service)
    assert "I will lead" not in text_of(service.get(reverse("ask_to_lead", args=[family.reference])))
    answer = service.post(reverse("lead_myself", args=[family.reference]), {"without_wish": "x"})
    assert answer.status_code == 403
    assert "Your role leads no families" in text_of(answer)


def test_a_candidate_stands_with_their_work_and_their_load(cast, sign_in, family):
    User.objects.filter(pk=cast.bob.pk).update(job_title="Family support worker")
    Membership.objects.filter(user=cast.bob).update(hours_to_lead=6)
    other = led_family(cast, name="Nwosu")
    with acting_as_system("test"):
        Lead.objects.filter(family=other, status="accepted").update(user=cast.bob)
    page = text_of(sign_in(cast.alice).get(reverse("ask_to_lead", args=[family.reference])))
    assert "Bob Family support worker, Birch Primary School. Leads 1 family now, 6 hours a week for it." in page
    assert "Charlie Health visiting. Leads no family now." in page


CHANGE = {"because": "Alice is leaving.", "stays": "yes"}


def crowd(cast, count: int) -> None:
    make_users({f"Nurse {n:02}": Membership(agency=cast.health, role=Role.PRACTITIONER) for n in range(count)})
    clinic = Agency.objects.create(name="Hillside Clinic", kind="health")
    make_users({"Zoë Ní Bhriain": Membership(agency=clinic, role=Role.PRACTITIONER)})
    User.objects.filter(name="Zoë Ní Bhriain").update(job_title="Speech therapist")


def test_someone_of_many_is_found_by_name_work_or_agency_and_nothing_typed_is_lost(cast, sign_in, family):
    crowd(cast, 30)
    share(cast, family, Agency.objects.get(name="Hillside Clinic"), tier=Tier.ADDITIONAL)
    alice, url = sign_in(cast.alice), reverse("ask_to_lead", args=[family.reference])
    assert not offered(alice.get(url)) & {"Nurse 01", "Zoë Ní Bhriain"}
    for typed in ("zoe", "NI BHRIAIN", "hillside", "speech ther", "zoe clinic"):
        sent = {"find": typed, "without_wish": "Grace likes Zoë.", "look": "yes", "form_token": "a" * 32}
        page = alice.post(url, sent, follow=True)
        assert offered(page) == {"Zoë Ní Bhriain"}, typed
        assert "1 person found." in text_of(page)
        assert "Grace likes Zoë." in page.content.decode()
    page = alice.post(url, {"find": "nurse", "look": "yes"}, follow=True)
    assert "30 people. The first 20 are shown" in text_of(page)
    assert len(offered(page)) == 20
    page = alice.post(url, {"find": "nobody like that", "look": "yes"}, follow=True)
    assert "Nobody who can be asked is called that" in text_of(page)
    page = alice.post(url, {"find": "", "without_wish": "Grace likes Zoë."})
    assert "Enter a name, an agency or a kind of work, and select Find" in text_of(page)
    zoe = User.objects.get(name="Zoë Ní Bhriain")
    agency = zoe.works_for.get().agency_id
    answer = alice.post(
        url, {"find": "nurse", "who": f"{zoe.pk}-{agency}", "without_wish": "Grace likes Zoë."} | CHANGE
    )
    assert answer.status_code == 302
    with acting_as_system("test"):
        assert Lead.objects.filter(family=family, user=zoe, status="asked").exists()
