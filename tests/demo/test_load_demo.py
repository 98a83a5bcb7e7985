"""The demo authority: loaded once for this module, into the test's database and out of it again."""

import re
from collections import Counter
from collections.abc import Iterator
from datetime import date, datetime
from html import unescape
from io import StringIO

import pytest
from django.apps import apps
from django.contrib.auth import authenticate
from django.core.cache import cache
from django.core.management import CommandError, call_command
from django.db import connection, models, transaction
from django.db.models.functions import Concat, Length
from django.test import override_settings
from django.urls import reverse

from consent.models import EmergencyAccess, LawfulSharing, SharingChoice
from earlyhelp.access.identity import acting_as, acting_as_system
from earlyhelp.access.levels import Level
from earlyhelp.access.models import Grant
from earlyhelp.access.reasons import INVITED, LEADS, TEAM
from earlyhelp.access.triggers import disagreements
from earlyhelp.accounts.models import Agency, Locality, Membership, User
from earlyhelp.core import clock
from earlyhelp.demo.management.commands import load_demo
from earlyhelp.demo.marchshire.telling import read
from earlyhelp.demo.personas import PASSWORD, PERSONAS
from earlyhelp.printing import pdf
from earlyhelp.procedures import document
from earlyhelp.procedures.services import procedure_in_force
from earlyhelp.timescales.clocks import registry
from earlyhelp.timescales.models import Extension, Timescale
from families.models import (
    Address,
    ContactDetail,
    Episode,
    Family,
    Lead,
    Note,
    Person,
    Request,
    RequestPerson,
    SearchKey,
    TeamMember,
)
from families.references import read_reference
from families.services import people
from families.services.running import runner_of
from plans.models import Action, Review
from stepdown.models import StepDown, StepUp
from tests.cast import HASHERS, MONDAY
from tests.pages import copy_for_all, text_of

pytestmark = pytest.mark.django_db
FICTION = re.compile(r"01632 960\d{3}|0808 157 0\d{3}|07700 900\d{3}|020 7946 0\d{3}")
MAY_LIE_AHEAD = {"due_at", "first_due_at", "due_asked", "due_before", "look_at", "ends_at", "until"}
DAYS_AHEAD = {"due_on", "next_review_on", "due_date", "day"}
OURS = ("accounts", "families", "consent", "assessments", "plans", "timescales", "notifications")


def load() -> str:
    out = StringIO()
    call_command(load_demo.Command(), stdout=out)
    return out.getvalue()


def everything() -> dict[str, int]:
    return {model._meta.label: model._default_manager.count() for model in apps.get_models() if model._meta.managed}


@pytest.fixture(scope="module", autouse=True)
def marchshire(databases, django_db_blocker):
    """The loaded demo and what the command said, rolled back after the module."""
    with django_db_blocker.unblock():
        databases.use("empty")
    with (
        django_db_blocker.unblock(),
        override_settings(DEMO=True, PASSWORD_HASHERS=HASHERS),
        transaction.atomic(),
        clock.frozen_at(MONDAY),
    ):
        said = load()
        connection.check_constraints()
        yield said
        transaction.set_rollback(True)


@pytest.fixture
def system():
    with acting_as_system("test"):
        yield


def persona(key: str) -> User:
    return User.objects.get(email=f"{key}@demo.example")


def names() -> set[str]:
    return set(Family.objects.values_list("name", flat=True))


def states(user: User) -> set[str]:
    clocks = Timescale.objects.filter(owner=user, met_at=None, stopped_at=None)
    return {timescale.state for timescale in clocks}


def test_it_says_what_it_loads(marchshire):
    assert "45 families told in full" in marchshire
    assert re.search(r"\d{3} more families", marchshire)
    assert len(marchshire.splitlines()) >= 4


def test_loading_again_changes_nothing(system):
    before = everything()
    assert "loaded already" in load()
    assert everything() == before


def test_it_refuses_where_there_is_no_demo(settings):
    settings.DEMO = False
    with pytest.raises(CommandError, match="DEMO"):
        load()


def test_it_refuses_a_database_with_other_data():
    User.objects.filter(email__in=[p.email for p in PERSONAS]).update(email=models.F("name"))
    with pytest.raises(CommandError, match="other data"):
        load()


def test_the_authority_is_whole():
    assert procedure_in_force().words.front_door == "Marchshire Family Front Door"
    assert {kind: clock.rule.words for kind, clock in registry.items()} == {
        "first_contact": "72 hours",
        "assessment_start": "10 calendar days",
        "review": "6 weeks",
        "emergency_review": "3 working days",
        "own_word": "5 working days",
        "who_decides": "5 working days",
        "joint_visit": "10 working days",
        "step_up_written": "24 hours",
    }
    assert Locality.objects.count() == 4
    assert Locality.objects.filter(coordinator_name="").count() == 1
    assert Agency.objects.count() == 25
    assert set(Agency.objects.values_list("kind", flat=True)) == set(Agency.Kind.values)
    assert Agency.objects.filter(memberships=None).count() >= 2
    assert Membership.objects.values("user").distinct().count() == User.objects.count() > 55


@pytest.mark.parametrize("person", PERSONAS, ids=lambda p: p.email.partition("@")[0])
def test_every_persona_signs_in(person):
    user = authenticate(None, username=person.email, password=PASSWORD)
    assert user is not None
    assert user.name == person.name


def test_there_are_families_at_every_stage_and_each_way_of_ending(system):
    assert Family.objects.count() >= 200
    stages = dict(Episode.objects.values_list("stage").annotate(models.Count("pk")))
    assert min(stages[stage] for stage in Episode.Stage.values) >= 10
    assert set(Episode.objects.exclude(end_reason="").values_list("end_reason", flat=True)) == set(Episode.End.values)
    outcomes = set(Request.objects.values_list("outcome", flat=True))
    no_assessment_is_a_request = Request.Outcome.ENDED  # in the procedure that the demo begins with
    assert set(Request.Outcome.values) - outcomes == {Request.Outcome.OWN_OFFER, no_assessment_is_a_request}
    assert set(Review.objects.values_list("finding", flat=True)) == set(Review.Finding.values)
    assert set(Review.objects.values_list("decision", flat=True)) == set(Review.Decision.values)
    assert any(action.is_overdue for action in Action.objects.all())


def test_grants_equal_their_sources(system):
    assert not any(disagreements().values())


def test_every_phone_number_is_kept_for_fiction(system):
    numbers = [
        *ContactDetail.objects.filter(kind="phone").values_list("value", flat=True),
        *RequestPerson.objects.exclude(phone="").values_list("phone", flat=True),
        *User.objects.values_list("phone", flat=True),
        *Agency.objects.values_list("phone", flat=True),
        *Locality.objects.values_list("coordinator_phone", flat=True),
        procedure_in_force().safeguarding.phone_day,
        procedure_in_force().safeguarding.phone_night,
    ]
    assert len(numbers) > 250
    assert [number for number in numbers if not FICTION.fullmatch(number)] == []


def test_addresses_and_mailboxes_are_nobodys(system):
    emails = {
        *User.objects.values_list("email", flat=True),
        *Agency.objects.values_list("email", flat=True),
        *Locality.objects.values_list("coordinator_email", flat=True),
    }
    assert [email for email in emails if not email.endswith(".example")] == []
    assert ContactDetail.objects.filter(kind="email").count() == 0
    postcodes = [*Address.objects.values_list("postcode", flat=True)]
    postcodes += RequestPerson.objects.values_list("postcode", flat=True)
    assert {code[:2] for code in postcodes if code} == {"MX"}


def test_nothing_has_happened_in_the_future(system):
    ahead = []
    for model in apps.get_models():
        if model._meta.app_label not in OURS or model._meta.model_name.endswith("event"):
            continue
        for field in model._meta.concrete_fields:
            if isinstance(field, models.DateTimeField) and field.name not in MAY_LIE_AHEAD:
                latest: datetime | None = model._default_manager.aggregate(m=models.Max(field.name))["m"]
                ahead += [(model, field.name, latest)] if latest and latest > MONDAY else []
            elif type(field) is models.DateField and field.name not in DAYS_AHEAD:
                last: date | None = model._default_manager.aggregate(m=models.Max(field.name))["m"]
                ahead += [(model, field.name, last)] if last and last > MONDAY.date() else []
    assert [row for row in ahead if row[1] != "date_joined"] == []


def test_a_reference_can_be_said_on_the_phone(system):
    references = [
        *Family.objects.values_list("reference", flat=True),
        *Request.objects.values_list("reference", flat=True),
    ]
    assert [r for r in references if read_reference(r) != r] == []


def test_people_of_copies_are_found_like_any_other(system):
    for family in Family.objects.order_by("-pk")[:3]:
        for person in family.people():
            before = set(SearchKey.objects.filter(person=person).values_list("kind", "key"))
            people.index(person)
            assert set(SearchKey.objects.filter(person=person).values_list("kind", "key")) == before


def test_names_come_as_they_do_in_life(system):
    written = "".join(Person.objects.values_list("first_name", flat=True)) + "".join(names())
    written += "".join(name for other in Person.objects.values_list("other_names", flat=True) for name in other)
    for letter in ("’", "-", "ł", "ş", "ك" if "ك" in written else "ي", "陳", "র", "К"):
        assert letter in written
    assert {"unknown", "year", "month"} <= set(Person.objects.values_list("born", flat=True))
    assert Person.objects.filter(kind=Person.Kind.UNBORN).count() == 2


class TestAlice:
    def test_leads_families_at_different_stages(self):
        with acting_as(persona("alice")):
            stages = {family.episode().stage for family in Family.objects.all()}
            assert 6 <= Family.objects.count() <= 10
            assert stages == set(Episode.Stage.values)

    def test_has_something_due_something_overdue_and_something_to_answer(self):
        alice = persona("alice")
        with acting_as(alice):
            assert {"due soon", "overdue"} <= states(alice)
            assert Lead.objects.filter(user=alice, status="asked").count() == 1


def test_bob_leads_one_family_and_reads_what_his_manager_wrote():
    bob = persona("bob")
    with acting_as(bob):
        assert names() == {"Ravenscroft-Díaz"}
        assert Note.objects.filter(kind="supervision").count() == 1


def test_charlie_is_on_alices_teams_and_is_invited_to_another():
    alice, charlie = persona("alice"), persona("charlie")
    with acting_as(charlie):
        mine = Grant.objects.filter(user=charlie)
        assert mine.filter(reason=TEAM, level=Level.CONTRIBUTE).count() == 2
        assert mine.filter(reason=TEAM, level=Level.BASIC).count() == 3
        assert mine.filter(reason=LEADS, level=Level.LEAD).count() == 1
        assert mine.filter(reason=INVITED).count() == 1
        assert TeamMember.objects.filter(user=charlie, status="invited").count() == 1
        shared = names()
    with acting_as(alice):
        assert len(shared & names()) == 3


def test_dana_has_her_requests_with_their_outcomes_and_one_family():
    with acting_as(persona("dana")):
        assert names() == {"Marchetti"}
        outcomes = set(Request.objects.filter(asked_by=persona("dana")).values_list("outcome", flat=True))
        assert outcomes == {"waiting", "advice", "declined", "front_door", "accepted"}


def test_the_manager_has_more_time_to_decide_on():
    with acting_as(persona("manager")):
        assert Extension.objects.filter(status="asked").count() == 1
        assert Family.objects.count() >= 6


def test_the_manager_has_an_emergency_to_review():
    with acting_as(persona("manager")):
        opened = EmergencyAccess.objects.get(finding="")
        assert opened.user == persona("locality")
        assert persona("manager").pk in opened.reviewers


def test_what_was_shared_without_agreement_is_read_by_who_leads_and_not_by_the_team():
    for name, reads in (("Sefton", True), ("Kofi", False)):
        with acting_as(User.objects.get(name__startswith=name)):
            assert LawfulSharing.objects.filter(family__name="Mbeki-Forsyth").exists() == reads


def test_the_locality_officer_has_requests_waiting_one_of_them_overdue():
    with acting_as(persona("locality")):
        waiting = Request.objects.filter(outcome="waiting")
        assert waiting.count() >= 5
        clocks = Timescale.objects.filter(reference__in=waiting.values("reference"))
        assert "overdue" in {timescale.state for timescale in clocks}


def test_the_social_worker_has_requests_of_their_own():
    with acting_as(persona("socialworker")):
        assert Request.objects.exclude(who_asks="social_care").count() == 2


def test_the_social_worker_has_step_downs_at_different_stages(client):
    sam = persona("socialworker")
    with acting_as(sam):
        rows = list(StepDown.objects.filter(worker=sam))
        assert len(rows) >= 6
        assert any(row.confirmed_at is None for row in rows)
        assert any(row.open_since and row.is_open for row in rows)
        assert any(row.completed_at for row in rows)
        assert any(row.stopped_at for row in rows)
        assert len({tuple(row.missing) for row in rows if row.is_open and row.confirmed_at}) >= 4
    client.force_login(sam, backend="django.contrib.auth.backends.ModelBackend")
    home = text_of(client.get("/"))
    assert "Your step-downs" in home
    assert "Waits for its social worker to say that it is theirs" in home
    assert "Everything is there: it can be completed" in home


def test_a_managers_counts_are_true(client):
    """As the stories tell it: under way, complete and stopped, by route and by level; those that wait for their worker's yes
    are nobody's to count."""
    told = read("stepdowns")
    stories = [
        {"steps": one.get("steps", []), "within": False} for one in told["family"] if one["by"] == "socialworker"
    ]
    stories += [{"steps": one["steps"], "within": True} for one in told["in_need"]]

    def counted(of) -> list[int]:
        states = ["stopped" if has(one, "stopped") else "completed" if has(one, "completed") else "" for one in of]
        return [states.count(""), states.count("completed"), states.count("stopped")]

    def has(story, what):
        return next((step for step in story["steps"] if what in step), {})

    routes = {"": "No route", "a": "A:", "b": "B:"}
    client.force_login(persona("service"), backend="django.contrib.auth.backends.ModelBackend")
    page = client.get(reverse("step_down_counts"))
    tables = dict(page.context["tables"])
    for route, name in routes.items():
        row = next(row for row in tables["By route"] if row.name.startswith(name))
        of = [one for one in stories if has(one, "chose_route").get("route", "") == route]
        assert [row.under_way, row.complete, row.stopped] == counted(of), name
    for within in (True, False):
        row = next(row for row in tables["By level"] if row.name.endswith("record") == within)
        of = [one for one in stories if one["within"] == within]
        assert [row.under_way, row.complete, row.stopped] == counted(of)
    assert page.context["step_ups"] == [("No answer yet", 2), ("Returned with advice", 1)]
    assert page.context["raised"] == 1
    assert (page.context["done"], page.context["back"]) == (1, 0)


def test_social_care_was_told_of_three_families_each_at_another_stage(system):
    told = {(bool(row.sent_at), row.outcome) for row in StepUp.objects.all()}
    assert told == {(False, ""), (True, ""), (True, "advice")}


def test_the_service_manager_oversees_every_family_but_none_they_know():
    with acting_as_system("test"):
        every = Family.objects.count()
    with acting_as(persona("service")):
        assert Family.objects.count() == every


@pytest.mark.parametrize("key", ["auditor", "admin"])
def test_who_sees_no_family(key):
    with acting_as(persona(key)):
        assert not Family.objects.exists()
        assert not Request.objects.exists()


def test_a_young_persons_refusal_holds_towards_their_school():
    with acting_as(User.objects.get(name="Ngozi Ashdown")):
        family = Family.objects.get(name="Featherstonehaugh")
        seen = {person.first_name for person in family.people()}
        assert "Linus" in seen
        assert "Saffron" not in seen


def test_who_is_withheld_from_one_agency_is_seen_by_another():
    with acting_as(User.objects.get(name="Vera Kaczmarek-Bell")):
        assert not Person.objects.filter(first_name="Brendan").exists()
    with acting_as(User.objects.get(name="Sabine Oyelaran")):
        assert Person.objects.filter(first_name="Brendan").exists()
    with acting_as_system("test"):
        assert SharingChoice.objects.filter(never=True).exists()


def test_a_restricted_family_is_hidden_from_its_leads_manager():
    with acting_as(User.objects.get(name="Gareth Umber")):
        assert not Family.objects.filter(name="Ashgrove").exists()
    with acting_as(User.objects.get(name="Lilac Owusu-Grey")):
        assert Family.objects.filter(name="Ashgrove").exists()


def test_who_knows_a_family_privately_never_sees_it():
    with acting_as(User.objects.get(name="Joss Fairweather")):
        assert not Family.objects.filter(name="Marchetti").exists()


@pytest.mark.parametrize("key", [p.email.partition("@")[0] for p in PERSONAS])
def test_every_home_opens(key, client):
    client.force_login(persona(key), backend="django.contrib.auth.backends.ModelBackend")
    assert client.get(reverse("home")).status_code == 200


def test_the_families_told_open_for_who_leads_them(client):
    client.force_login(persona("alice"), backend="django.contrib.auth.backends.ModelBackend")
    with acting_as(persona("alice")):
        urls = [family.get_absolute_url() for family in Family.objects.all()]
    assert [client.get(url).status_code for url in urls] == [200] * len(urls)


PAGES = ("", "people/", "sharing/", "team/", "plan/", "assessment/", "notes/", "chronology/", "documents/")


def copied() -> list[tuple[Family, Family]]:
    """The third copies of ten families, each with the one that was told."""
    with acting_as_system("test"):
        told = Family.objects.filter(name__in=[said["name"] for said in read("families")["family"]])
        handed_over = Family.objects.filter(
            name__in=[said["name"] for kind in ("family", "in_need") for said in read("stepdowns")[kind]]
        )
        shift = max(family.pk for family in [*told, *handed_over])
        copies = Family.objects.in_bulk([family.pk + 3 * shift for family in told])
        return [(f, copies[f.pk + 3 * shift]) for f in told.order_by("pk") if f.pk + 3 * shift in copies][:10]


def read_by_its_lead(client, family: Family, page: str) -> tuple[int, str]:
    with acting_as_system("test"):
        runner = runner_of(family.episode()) or Lead.objects.filter(family=family).first()
        assert runner is not None
        everyone = User.objects.values_list("name", flat=True)
    client.force_login(runner.user, backend="django.contrib.auth.backends.ModelBackend")
    answer = client.get(f"{family.get_absolute_url()}{page}")
    text = text_of(answer)
    for name in sorted({family.name, family.reference, *everyone}, key=len, reverse=True):
        text = text.replace(name, "…")
    return answer.status_code, re.sub(r"\d+", "0", text)


def test_a_copy_reads_like_what_was_told(client, subtests):
    pairs = copied()
    assert len(pairs) == 10
    for told, copy in pairs:
        assert told.name != copy.name
        for page in PAGES:
            with subtests.test(family=told.name, page=page):
                there, here = read_by_its_lead(client, told, page), read_by_its_lead(client, copy, page)
                assert here[0] == there[0]
                assert here[1].split(". ") == there[1].split(". ")


MARK = "<i data-raw>&amp;"
PUBLISHED = ("consent.Wording", "assessments.FormVersion")  # never changed
NO_WORDS = {"reference", "key", "link", "url", "email", "phone", "postcode", "unit", "kind", "password", "code", "born"}


def mark_every_text() -> None:
    """Markup in every text that someone can have typed, or a council chosen."""
    for model in apps.get_models():
        if model._meta.app_label not in OURS or model._meta.label in PUBLISHED or not model._meta.managed:
            continue
        for field in model._meta.concrete_fields:
            typed = isinstance(field, models.CharField | models.TextField) and not field.choices
            if typed and field.name not in NO_WORDS and not field.name.endswith(("_phone", "_email", "_day", "_night")):
                room = (field.max_length or 9999) - len(MARK)
                rows = model._default_manager.exclude(**{field.name: ""}).annotate(text_length=Length(field.name))
                rows.filter(text_length__lte=room).update(**{field.name: Concat(field.name, models.Value(MARK))})


def pages_from(client, start: str, most: int) -> Iterator[tuple[str, str]]:
    """The pages that links lead to from one, with their addresses; of each kind of address a few."""
    waiting, seen, kinds = [start], {start}, Counter()
    while waiting and len(seen) < 2000 and most > 0:
        url = waiting.pop(0)
        kind = re.sub(r"\d+|[0-9a-f-]{36}", "0", url.partition("?")[0])
        if kinds[kind] >= 2:
            continue
        kinds[kind] += 1
        most -= 1
        answer = client.get(url, follow=True)
        if "text/html" not in answer.get("Content-Type", ""):
            continue
        page = answer.content.decode()
        yield url, page
        for link in re.findall(r'href="(/[^"#]*)', page):
            link = unescape(link)
            if link not in seen and not link.startswith(("/static", "/demo", "/accounts/logout", "/account/logout")):
                seen.add(link)
                waiting.append(link)


@pytest.mark.parametrize("key", ["alice", "manager", "locality", "service", "dana", "charlie", "admin"])
def test_text_is_shown_as_text_wherever_a_link_leads(key, client):
    with acting_as_system("test"):
        mark_every_text()
        cache.clear()
    client.force_login(persona(key), backend="django.contrib.auth.backends.ModelBackend")
    read = list(pages_from(client, "/", 120))
    assert [url for url, page in read if "<i data-raw" in page] == []
    assert sum("&lt;i data-raw" in page for _, page in read) == len(read)


def test_text_is_printed_as_text(client, monkeypatch):
    printed = []

    def instead(*, string: str, **more: object):
        printed.append(string)
        return real(string=string, **more)

    real = pdf.HTML
    monkeypatch.setattr(pdf, "HTML", instead)
    with acting_as_system("test"):
        mark_every_text()
        cache.clear()
        family = Family.objects.get(name__startswith="Okonedo-Hale")
    client.force_login(persona("alice"), backend="django.contrib.auth.backends.ModelBackend")
    for page in ("assessment_print", "print_plan", "print_agreement"):
        url = reverse(page, args=[family.reference])
        assert client.post(url, copy_for_all(client, url)).status_code == 200
    assert len(printed) == 3
    assert [text for text in printed if "<i data-raw" in text or "&lt;i data-raw" not in text] == []


@pytest.mark.parametrize("name", document.NAMES)
def test_each_procedure_starts_the_demonstration(name, monkeypatch, client, system):
    monkeypatch.setenv("PROCEDURE", name)
    said = load()
    assert f"The procedure in force is “{name}”." in said
    procedure = procedure_in_force()
    assert procedure == document.read(document.text_of(name))
    client.force_login(persona("alice"), backend="django.contrib.auth.backends.ModelBackend")
    for page in ("/", "/families/", "/requests/"):
        shown = text_of(client.get(page))
        for words in (procedure.authority.name, procedure.safeguarding.name, procedure.safeguarding.phone_night):
            assert words in shown
    for clock_of in Timescale.objects.filter(kind="review", met_at=None):
        assert (clock_of.amount, clock_of.unit) == (procedure.clocks.review.amount, procedure.clocks.review.unit)
    assert not any(disagreements().values())


def test_a_procedure_that_there_is_not_is_refused(monkeypatch):
    monkeypatch.setenv("PROCEDURE", "nowhere")
    with pytest.raises(CommandError, match="There is no procedure “nowhere”"):
        load()
