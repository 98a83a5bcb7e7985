"""Corners where one page knew more than another: what a page, a print or a message tells follows the same rule."""

import io
from datetime import date

import pytest
from pypdf import PdfReader

from consent.models import Agreement, Tier
from consent.services.excluding import exclude
from consent.services.lawful import advisers
from consent.services.ledger import record_choices
from consent.word import Choice
from earlyhelp.access.identity import acting_as, acting_as_system
from earlyhelp.access.levels import Level
from earlyhelp.access.models import ReadLog
from earlyhelp.accounts.models import Agency
from families.models import Address, ConnectedUser, Family, Person, Request
from families.services import people, requests, team
from tests.access.test_doors import (
    asker,
    end,
    mother_agrees,
    note,
    open_again,
    person_of,
    reads,
    shared_lawfully,
)
from tests.access.test_own_no import sees
from tests.cast import ask, child, episode_of, mother, new_family, share
from tests.consent.test_agreement import TODAY
from tests.consent.test_own_word import tola_of
from tests.pages import copy_for_all


def lead_passes_to_charlie(cast, family):
    with acting_as(cast.alice):
        lead = team.ask_to_lead(
            family=family, episode=episode_of(family), user=cast.charlie, agency=cast.health, without_wish="Not asked yet.",
            actor=cast.alice,
        )  # fmt: skip
    with acting_as(cast.charlie):
        team.answer_lead(lead=lead, accept=True, reason="", actor=cast.charlie)


def test_who_is_to_ask_the_family_again_neither_reads_nor_changes_its_earlier_choices(cast, sign_in, family):
    drugs = Agency.objects.create(name="Castshire Drug Service", kind="health")
    share(cast, family, drugs)
    secret = note(family, cast.alice, [person_of(family, mother)])
    end(cast, family)
    open_again(cast, family, cast.other_school, cast.dana)
    assert asker(cast.dana, family).level == Level.BASIC
    grace = person_of(family, mother)
    url = f"{family.get_absolute_url()}sharing/person/{grace.pk}/"
    dana = sign_in(cast.dana)
    page = dana.get(url)
    assert page.status_code == 403
    assert "Ask the family first" in page.content.decode()
    assert "Drug" not in page.content.decode()
    sent = {"decided_by": grace.pk, f"agency_{cast.other_school.pk}": "2", f"agency_{cast.school.pk}": "2"}
    assert dana.post(url, sent).status_code == 403
    with acting_as_system("test"):
        assert not Agreement.objects.filter(episode=episode_of(family)).exists()
    assert not reads(cast.dana, secret)
    dana.post(
        f"{family.get_absolute_url()}sharing/agreement/",
        {"person": grace.pk, "decision": "refused", "how": "verbal", "witness": "Dana", **TODAY},
    )
    assert dana.get(url).status_code == 403
    assert "Drug" not in dana.get(f"{family.get_absolute_url()}sharing/agreement/").content.decode().split("another")[0]


def test_who_was_let_in_by_name_learns_neither_who_is_on_the_team_nor_what_is_shared(cast, sign_in, family):
    ada = person_of(family, child)
    shared_lawfully(cast, family, actor=cast.alice, about=[ada], user=cast.dana, agency=cast.other_school)
    dana = sign_in(cast.dana)
    for path in ("", "people/", "chronology/", "who-can-see/", "sharing/", "sharing/print/"):
        page = dana.get(f"{family.get_absolute_url()}{path}").content.decode()
        assert "Charlie" not in page
        assert "Health visiting" not in page
    assert dana.get(f"{family.get_absolute_url()}who-can-see/").status_code == 403
    assert dana.post(f"{family.get_absolute_url()}sharing/form/", {"for_whom": "family"}).status_code == 403


def test_a_new_lead_does_not_read_in_the_request_of_someone_kept_from_their_agency(cast, sign_in):
    names = [
        ("adult", "Grace", date(1990, 4, 2)),
        ("child", "Ada", date(2017, 6, 9)),
        ("adult", "Tunde", date(1988, 1, 2)),
    ]
    asked = [
        {"kind": kind, "first_name": first, "last_name": "Okafor", "date_of_birth": born} for kind, first, born in names
    ]
    asked[2]["phone"] = "01632 960999"
    request = ask(cast, people=asked)
    with acting_as(cast.locality):
        request = Request.objects.get(pk=request.pk)
        family = requests.accept(request=request, agency=cast.school, practitioner=cast.alice, actor=cast.locality)
    with acting_as_system("test"):
        tunde = Person.objects.get(family=family, first_name="Tunde")
    mother_agrees(cast, family, cast.school, cast.health)
    with acting_as(cast.alice):
        choices = [Choice(tunde, cast.school, Tier.ADDITIONAL, tunde), Choice(tunde, cast.health, 0, tunde, never=True)]
        record_choices(family=family, choices=choices, actor=cast.alice)
    url = f"/requests/{request.reference}/"
    lead_passes_to_charlie(cast, family)
    assert not sees(cast.charlie, tunde)
    page = sign_in(cast.charlie).get(url).content.decode()
    assert "Grace Okafor" in page
    assert "Tunde" not in page
    assert "960999" not in page
    assert "Tunde" in sign_in(cast.bob if request.asked_by == cast.bob else cast.dana).get(url).content.decode()


@pytest.mark.parametrize("how", ["excluded", "connected"])
def test_an_asker_who_is_kept_from_the_family_does_not_learn_who_leads(cast, sign_in, how, family):
    with acting_as_system("test"):
        request = Request.objects.get(family=family)
        grace = mother(family)
    dana = sign_in(request.asked_by)
    assert "Alice" in dana.get(f"/requests/{request.reference}/").content.decode()
    if how == "excluded":
        with acting_as(cast.alice):
            exclude(family=family, name="Dana", user=request.asked_by, decided_by=grace, actor=cast.alice)
    else:
        with acting_as_system("test"):
            ConnectedUser.objects.create(family=family, user=request.asked_by)
    lead_passes_to_charlie(cast, family)
    page = dana.get(f"/requests/{request.reference}/").content.decode()
    assert "Charlie" not in page
    assert "Alice" not in page


def test_a_second_address_replaces_none_and_one_not_to_be_disclosed_stays_so(cast, sign_in, family):
    grace = person_of(family, mother)
    with acting_as(cast.alice):
        people.add_address(
            family=family, person=grace, lines="Refuge", postcode="MX1 6FQ", do_not_disclose=True, actor=cast.alice
        )
    charlie, url = sign_in(cast.charlie), f"{family.get_absolute_url()}address/"
    charlie.post(url, {"person": grace.pk, "lines": "1 High Street", "postcode": "MX1 7AB"})
    with acting_as_system("test"):
        assert list(Address.objects.filter(person=grace).values_list("lines", "do_not_disclose")) == [
            ("Refuge", True),
            ("1 High Street", False),
        ]
        refuge, street = Address.objects.filter(person=grace)
    page = charlie.get(f"{url}{refuge.pk}/").content.decode()
    assert "Refuge" in page
    assert " checked" in page
    charlie.post(f"{url}{street.pk}/", {"lines": "2 High Street", "postcode": "MX1 7AB"})
    assert "2 High Street" in charlie.get(f"{url}{street.pk}/retire/").content.decode()
    said = {"because": "mistake", "on_day": 23, "on_month": 11, "on_year": 2026}
    charlie.post(f"{url}{street.pk}/retire/", said)
    sent = said | {"form_token": "6b1c2a0e-0000-4000-8000-000000000003"}
    with acting_as_system("test"):
        third = people.add_address(
            family=family, person=grace, lines="3 Low Road", postcode="", do_not_disclose=False, actor=cast.alice
        )
    for _ in range(2):
        assert charlie.post(f"{url}{third.pk}/retire/", sent).status_code == 302
    people_page = charlie.get(f"{family.get_absolute_url()}people/").content.decode()
    assert "Refuge" in people_page
    assert "High Street" not in people_page


def test_an_address_completes_the_postcode_of_the_request_and_loses_none(cast, sign_in, family):
    grace = person_of(family, mother)
    with acting_as_system("test"):
        Address.objects.create(family=family, person=grace, lines="", postcode="MX17AB", created_by=cast.alice)
    alice, url = sign_in(cast.alice), f"{family.get_absolute_url()}address/"
    alice.post(url, {"person": grace.pk, "lines": "Refuge", "postcode": "MX1 6FQ", "do_not_disclose": "on"})
    alice.post(url, {"person": grace.pk, "lines": "1 High Street", "postcode": ""})
    with acting_as_system("test"):
        found = set(Address.objects.filter(person=grace).values_list("lines", "postcode"))
    assert found == {("1 High Street", "MX17AB"), ("Refuge", "MX16FQ")}


def text_of(pdf) -> str:
    return " ".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf.content)).pages)


def test_whom_someone_keeps_out_stands_on_the_familys_copy_alone_and_a_young_persons_on_hers(cast, sign_in, family):
    tola = tola_of(cast, family, cast.school)
    with acting_as(cast.alice):
        exclude(family=family, name="Mr Barker", user=None, decided_by=mother(family), actor=cast.alice)
        exclude(family=family, name="Ms Quill", user=None, decided_by=tola, actor=cast.alice)
        record_choices(family=family, choices=[Choice(tola, cast.health, 2, tola)], actor=cast.alice)
    alice, url = sign_in(cast.alice), f"{family.get_absolute_url()}sharing/form/"
    familys = text_of(alice.post(url, copy_for_all(alice, url)))
    assert "Mr Barker" in familys
    assert "Ms Quill" not in familys
    assert "Ms Quill" in text_of(alice.post(f"{url}?person={tola.pk}", {"for_whom": "family"}))
    agencys = text_of(alice.post(url, {"for_whom": "agency", "agency": cast.health.pk}))
    assert "Mr Barker" not in agencys


def test_nobody_advises_about_a_restricted_family_that_they_may_not_know(cast, family):
    with acting_as(cast.alice):
        assert set(advisers(family, cast.alice)) == {cast.manager, cast.service}
    with acting_as_system("test"):
        Family.objects.filter(pk=family.pk).update(restricted=True)
        family.refresh_from_db()
    with acting_as(cast.alice):
        assert advisers(family, cast.alice) == [cast.service]


def test_agencies_of_someone_hidden_from_the_lead_are_not_listed(cast, sign_in, family):
    clinic = Agency.objects.create(name="Young people’s clinic", kind="health")
    tola = tola_of(cast, family, cast.school)
    with acting_as(cast.alice):
        choices = [Choice(tola, clinic, 0, tola, never=True), Choice(tola, cast.school, 0, tola)]
        record_choices(family=family, choices=choices, actor=cast.alice)
    assert not sees(cast.alice, tola)
    for path in ("sharing/agreement/", "team/invite/", "sharing/"):
        page = sign_in(cast.alice).get(f"{family.get_absolute_url()}{path}")
        assert page.status_code == 200
        listed = page.content.decode().split("Ask about another agency")[0]
        assert "clinic" not in listed


def test_home_logs_every_family_that_it_names(cast, sign_in):
    family = new_family(cast)
    share(cast, family, cast.school, cast.health)
    with acting_as(cast.alice):
        team.ask_to_lead(
            family=family, episode=episode_of(family), user=cast.charlie, agency=cast.health, without_wish="Not asked yet.",
            actor=cast.alice,
        )  # fmt: skip
    assert "Okafor family" in sign_in(cast.charlie).get("/").content.decode()
    with acting_as_system("test"):
        assert ReadLog.objects.filter(user=cast.charlie, family_id=family.pk, what="workspace.home").exists()


@pytest.mark.parametrize("path", ["who-can-see/why-not/?person=²", "sharing/agreement/", "/families/?locality=²"])
def test_odd_digits_are_no_error(cast, sign_in, path, family):
    client = sign_in(cast.alice)
    url = path if path.startswith("/") else f"{family.get_absolute_url()}{path}"
    answer = client.post(url, {"another": "²"}) if "agreement" in path else client.get(url)
    assert answer.status_code == 200
    assert client.get(url).status_code == 200
