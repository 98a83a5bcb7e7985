"""What each role sees first: numbers that lead to what they count, their team, and one list of work."""

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from consent.models import Agreement
from earlyhelp.access.identity import acting_as, acting_as_system
from earlyhelp.accounts.models import Agency, Membership, Role, User
from earlyhelp.core import clock
from earlyhelp.core.prepared import Prepared
from earlyhelp.notifications.models import Notification
from earlyhelp.timescales.models import Timescale
from earlyhelp.workspace import caseload, oversight
from families.models import Episode, Family, Note
from families.services import episodes, team
from tests.cast import ask, episode_of, make_user
from tests.journeys.test_lists import many
from tests.pages import text_of
from tests.plans.helpers import agreed_plan

AT_MOST = {"manager": 12, "locality": 12, "service": 12, "alice": 12}
FURNITURE = ("SAVEPOINT", "RELEASE", "SELECT set_config")


def numbers(page) -> dict[str, tuple[int, str]]:
    """Each number of a first page, and where it leads."""
    found = re.findall(
        r'class="govuk-link govuk-link--no-visited-state app-number__link"\s+href="([^"]+)"><span class="app-number__count">'
        r'(\d+)</span>\s*<span class="app-number__label">([^<]+)',
        page.content.decode(),
    )
    return {label: (int(count), url.replace("&amp;", "&")) for url, count, label in found}


def test_of_very_many_families_numbers_are_drawn_and_say_so(cast, sign_in, family, monkeypatch):
    many(cast, 250)
    service = sign_in(cast.service)
    exactly = numbers(service.get("/"))
    with acting_as_system("test"):
        one_in_four = Family.objects.latest("pk").pk // 4
    for name, value in (("FEW", 5), ("EXACT", 20), ("SAMPLE", one_in_four)):
        monkeypatch.setattr(caseload, name, value)
    monkeypatch.setattr(oversight, "EXACT", 20)
    monkeypatch.setattr(oversight, "SAMPLE", one_in_four)
    monkeypatch.setattr(caseload, "BEYOND_FEW", Prepared(caseload.BEYOND_FEW.build))
    page = text_of(service.get("/"))
    assert re.search(r"about 2[3-7]0 Open families", page)
    assert f"{exactly['Without a lead'][0]} Without a lead" in page
    assert "few or none" in page, "of an area in which none was drawn"
    among_theirs = text_of(service.get("/families/?whose=all"))
    assert re.search(r"About 2[3-7]0 families", among_theirs)
    monkeypatch.setattr(caseload, "SOME", 5)
    monkeypatch.setattr(caseload, "BEYOND_SOME", Prepared(caseload.BEYOND_SOME.build))
    assert re.search(r"About 2[3-7]0 families", text_of(service.get("/families/?whose=all")))


def test_where_none_was_drawn_there_may_be_some_and_an_agency_that_closes_is_counted(
    cast, sign_in, family, monkeypatch
):
    many(cast, 30)
    Agency.objects.filter(pk=cast.school.pk).update(closes_at=clock.now() + timedelta(days=20))
    for module, name, value in ((caseload, "FEW", 5), (oversight, "EXACT", 5), (oversight, "SAMPLE", 1)):
        monkeypatch.setattr(module, name, value)
    monkeypatch.setattr(caseload, "BEYOND_FEW", Prepared(caseload.BEYOND_FEW.build))
    page = sign_in(cast.service).get("/")
    assert "31 families to hand over" in text_of(page)
    south = page.content.decode().split(">South</a>")[1].split("</tr>")[0]
    assert 'data-label="Open">few or none<' in south


@pytest.mark.parametrize("who", AT_MOST)
def test_a_first_page_asks_little_and_no_more_of_250_families_than_of_25(cast, sign_in, who):
    client = sign_in(getattr(cast, who))

    def asked() -> list[str]:
        client.get("/")
        with CaptureQueriesContext(connection) as captured:
            assert client.get("/").status_code == 200
        return [query["sql"][:150] for query in captured if not query["sql"].startswith(FURNITURE)]

    assert len(asked()) <= AT_MOST[who]
    many(cast, 25)
    few = asked()
    assert len(few) <= AT_MOST[who], "\n".join(few)
    many(cast, 225)
    assert len(asked()) == len(few)


@pytest.mark.parametrize("who", ["manager", "locality", "service"])
def test_each_number_leads_to_as_many_families(cast, sign_in, family, who):
    agreed_plan(cast, family)
    many(cast, 30)
    with acting_as_system("test"):
        Timescale.objects.filter(family=family).update(due_at=clock.now() - timedelta(days=6))
        Episode.objects.exclude(family=family).update(stage="agreement")
        User.objects.filter(pk=cast.alice.pk).update(is_active=False)
    client = sign_in(getattr(cast, who))
    shown = numbers(client.get("/"))
    assert shown["Late"][0] >= 1
    assert shown["Without a lead"][0] == 31
    assert shown["Without agreement"][0] == 30
    for label, (count, url) in shown.items():
        if url.startswith("/families/"):
            said = re.search(r"(\d+) famil(y|ies)</p>", client.get(url).content.decode())
            assert int(said[1]) == count, label


def test_a_manager_reads_who_of_their_own_has_how_much(cast, sign_in, family):
    agreed_plan(cast, family)
    free = make_user("Free Hands", cast.school)
    with acting_as(cast.manager):
        episodes.write_note(
            family=family, episode=episode_of(family), kind=Note.Kind.SUPERVISION, at=clock.now(), with_whom="Alice",
            about=[], text="x", actor=cast.manager,
        )  # fmt: skip
    with acting_as_system("test"):
        Timescale.objects.filter(family=family, kind="review").update(due_at=clock.now() - timedelta(days=6))
    page = text_of(sign_in(cast.manager).get("/"))
    assert re.search(r"Alice 1 1 17 Nov .* today", page)
    assert f"Without an open family: Bob, {free.name}." in page.replace(" ,", ",").replace(" .", ".")
    assert "Dana" not in page


def test_a_manager_sees_the_requests_of_their_agency_that_nobody_answered(cast, sign_in):
    head = make_user("Head", cast.other_school, Role.MANAGER)
    request = ask(cast, name="Quill")
    client = sign_in(head)
    count, url = numbers(client.get("/"))["Requests without an answer"]
    assert count == 1
    page = text_of(client.get(url))
    assert "Quill" in page
    assert request.reference in page
    assert "Dana" in page
    assert "Quill" not in text_of(sign_in(cast.manager).get("/requests/"))


def test_an_officer_reads_what_waits_longest_first_and_which_posts_are_vacant(cast, sign_in):
    ask(cast, name="Second")
    first = ask(cast, name="First")
    with acting_as_system("test"):
        type(first).objects.filter(pk=first.pk).update(received_at=clock.now() - timedelta(days=3))
        Membership.objects.create(
            user=cast.locality, agency=cast.council, role=Role.LOCALITY_OFFICER, locality=cast.south
        )
    page = text_of(sign_in(cast.locality).get("/"))
    assert re.search(r"First .* 3 days .*Second .* since today", page)
    assert "No officer for" not in page
    Membership.objects.filter(user=cast.locality, locality=cast.south).delete()
    assert "No officer for South" in text_of(sign_in(cast.service).get("/"))


def test_work_stands_by_when_it_is_due_and_leads_to_the_form_that_does_it(cast, sign_in, family):
    plan = agreed_plan(cast, family)
    alice = sign_in(cast.alice)
    page = alice.get("/").content.decode()
    links = dict(
        re.findall(
            r'<a class="govuk-link"\s+href="([^"]+)">([^<]+)<span class="govuk-visually-hidden">, Okafor family', page
        )
    )
    assert f"{family.get_absolute_url()}plan/review/" in links
    assert any(text.startswith("Do: ") for text in links.values())
    for url in links:
        assert alice.get(url).status_code == 200
    with acting_as_system("test"):
        Timescale.objects.filter(family=family, kind="review").update(due_at=clock.now() - timedelta(days=6))
    assert re.search(
        r"Late \(1\).* Hold the review ?, Okafor family Okafor family 17 Nov 6 days late", text_of(alice.get("/"))
    )
    assert plan.status == "agreed"


def test_an_agreement_that_ends_soon_is_work_of_the_lead(cast, sign_in, family):
    with acting_as_system("test"):
        Agreement.objects.filter(family=family).update(until=clock.now() + timedelta(days=10))
    assert "Ask the family again: their agreement ends" in text_of(sign_in(cast.alice).get("/"))
    with acting_as_system("test"):
        Agreement.objects.filter(family=family).update(until=clock.now() + timedelta(days=40))
    assert "Ask the family again" not in text_of(sign_in(cast.alice).get("/"))


def test_a_message_names_the_family_and_is_gone_once_its_matter_is_done(cast, sign_in, family, mailoutbox):
    with acting_as(cast.alice):
        lead = team.ask_to_lead(
            family=family,
            episode=episode_of(family),
            user=cast.charlie,
            agency=cast.health,
            without_wish="x",
            actor=cast.alice,
        )
    charlie = sign_in(cast.charlie)
    assert f"You are asked to lead for the family Okafor ({family.reference})" in text_of(charlie.get("/"))
    with acting_as(cast.charlie):
        team.answer_lead(lead=lead, accept=False, reason="On leave", actor=cast.charlie)
    assert "You are asked to lead" not in text_of(charlie.get("/"))
    assert "You are asked to lead" in text_of(charlie.get("/messages/"))
    with acting_as_system("test"):
        assert not Notification.objects.filter(kind="families.asked_to_lead", read_at=None).exists()
