"""A list asks the database the same number of questions for 25 families as for 250."""

import re
from datetime import date, timedelta
from html import unescape

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from consent.models import Agreement, SharingChoice, Tier
from earlyhelp.access.identity import acting_as, acting_as_system
from earlyhelp.accounts.models import Membership, User
from earlyhelp.core import clock
from earlyhelp.drafts.models import Draft
from earlyhelp.notifications.models import Notification
from earlyhelp.timescales.models import Extension, Timescale
from earlyhelp.timescales.services import ask_extension
from families.models import (
    Address,
    ContactAttempt,
    ContactDetail,
    Document,
    Episode,
    Family,
    Lead,
    Note,
    Person,
    PersonDetails,
    Relationship,
    Request,
    TeamMember,
)
from families.services.people import index, index_families
from plans.models import Action, Outcome, Review, ReviewMove
from tests.cast import Cast, episode_of, mother
from tests.plans.helpers import agreed_plan


def many(cast, count: int) -> None:
    """`count` families of Alice's, and as many requests that wait for the locality officer and were made by Dana."""
    with acting_as_system("test"):
        start = Family.objects.count()
        now = clock.now()
        families = Family.objects.bulk_create(
            Family(name=f"Family {start + n}", locality=cast.north) for n in range(count)
        )
        episodes = Episode.objects.bulk_create(
            Episode(family=f, started_at=now, first_contact_by=cast.alice, first_contact_agency=cast.school)
            for f in families
        )
        Lead.objects.bulk_create(
            Lead(
                family=e.family,
                episode=e,
                user=cast.alice,
                agency=cast.school,
                status="accepted",
                asked_by=cast.alice,
                asked_at=now,
            )
            for e in episodes
        )
        Timescale.objects.bulk_create(
            Timescale(
                family=f,
                locality=cast.north,
                reference=f.reference,
                key=f"test:{f.pk}",
                kind="review",
                anchor="test",
                anchor_at=now,
                amount=6,
                unit="weeks",
                first_due_at=now + timedelta(days=n),
                due_at=now + timedelta(days=n),
                owner=cast.alice,
                owner_agency=cast.school,
                link=f.get_absolute_url(),
            )
            for n, f in enumerate(families)
        )
        people = Person.objects.bulk_create(
            Person(family=f, kind="child", first_name="Ada", last_name=f"Family{n}") for n, f in enumerate(families)
        )
        for person in people:
            index(person)
        for family in families[:5]:
            index_families(family)
        Extension.objects.bulk_create(
            Extension(
                family_id=t.family_id,
                timescale=t,
                asked_by=cast.alice,
                asked_at=now,
                reason="x",
                due_before=t.due_at,
                due_asked=t.due_at + timedelta(days=7),
            )
            for t in Timescale.objects.filter(key__in=[f"test:{f.pk}" for f in families])
        )
        Draft.objects.bulk_create(
            Draft(user=cast.alice, form=f"/{f.pk}/", title="Write a case note", url="/", data={"text": ["Half a word"]})
            for f in families
        )
        Notification.objects.bulk_create(
            Notification(user=cast.alice, kind="families.must_act", reference=f.reference, url="/", key=f"test:{f.pk}")
            for f in families
        )
        Request.objects.bulk_create(
            Request(
                asked_by=cast.dana,
                agency=cast.other_school,
                locality=cast.north,
                who_asks="practitioner",
                family_name=f.name,
                received_at=now,
                submitted_at=now,
                agreed_how="verbal",
                agreed_on=clock.today(),
            )
            for f in families
        )


PAGES = [
    ("alice", "/"),
    ("alice", "/families/?whose=mine"),
    ("service", "/families/?whose=all&due=week"),
    ("locality", "/requests/"),
    ("dana", "/requests/"),
    ("service", "/"),
    ("manager", "/"),
    ("alice", "/drafts/"),
]


def questions(client, url) -> int:
    with CaptureQueriesContext(
        connection,
    ) as captured:
        page = client.get(url)
    assert page.status_code == 200
    return len(captured)


@pytest.mark.parametrize(("who", "url"), PAGES)
def test_a_list_asks_no_more_of_250_families_than_of_two_pages(cast, sign_in, who, url):
    client = sign_in(getattr(cast, who))
    many(cast, 35)
    client.get(url)
    few = questions(client, url)
    many(cast, 215)
    client.get(url)
    assert questions(client, url) == few
    assert few < 45


def test_home_shows_what_waits_for_a_decision_and_no_more_than_50(cast, sign_in):
    many(cast, 60)
    page = sign_in(cast.service).get("/").content.decode()
    assert page.count("Decide on more time") == 50
    assert "There is more than this page shows" in page


def test_home_asks_for_a_decision_whoever_may_decide_and_nobody_else(cast, sign_in, family):
    agreed_plan(cast, family)
    with acting_as(cast.alice):
        timescale = Timescale.objects.get(family=family, kind="review")
        due_at = timescale.due_at + timedelta(days=7)
        ask_extension(timescale=timescale, reason="Grace is in hospital", due_at=due_at, actor=cast.alice)
    asks = {
        user.name: "Decide on more time" in sign_in(user).get("/").content.decode()
        for user in (cast.alice, cast.charlie, cast.manager, cast.service)
    }
    assert asks == {"Alice": False, "Charlie": False, "Manager": True, "Service Manager": True}


def test_search_asks_no_more_of_many_than_of_few(cast, sign_in):
    client = sign_in(cast.service)

    def search():
        with CaptureQueriesContext(connection) as captured:
            assert "found" in client.post("/search/", {"q": "Ada"}).content.decode()
        return len(captured)

    many(cast, 25)
    search()
    few = search()
    many(cast, 225)
    assert search() == few
    assert few < 30


def much(cast: Cast, family: Family, count: int) -> None:
    """`count` more of everything that a family can have many of."""
    episode, plan = episode_of(family), family_plan(family)
    with acting_as_system("test"):
        start = User.objects.count()
        now, grace = clock.now(), mother(family)
        users = User.objects.bulk_create(User(email=f"u{start + n}@cast.example", name="U") for n in range(count))
        Membership.objects.bulk_create(Membership(user=u, agency=cast.health, role="practitioner") for u in users)
        people = Person.objects.bulk_create(
            Person(family=family, kind="child", first_name=f"Child {n}", date_of_birth=date(2015, 1, 1))
            for n in range(count)
        )
        own = {"family": family, "created_by": cast.alice}
        PersonDetails.objects.bulk_create(PersonDetails(**own, person=p) for p in people)
        ContactDetail.objects.bulk_create(ContactDetail(**own, person=p, kind="phone", value="x") for p in people)
        Address.objects.bulk_create(Address(**own, person=p, lines="x") for p in people)
        Relationship.objects.bulk_create(Relationship(**own, person=p, to_person=grace, kind="sibling") for p in people)
        SharingChoice.objects.bulk_create(
            SharingChoice(**own, person=p, agency=a, tier=Tier.ADDITIONAL, decided_by=grace, starts_at=now)
            for a in [cast.school, cast.health]
            for p in people
        )
        own["episode"] = episode
        Agreement.objects.bulk_create(
            Agreement(**own, person=p, decision="given", how="signed", decided_on=clock.today()) for p in people
        )
        ContactAttempt.objects.bulk_create(
            ContactAttempt(**own, at=now, how="call", reached=True, by=u, note="x") for u in users
        )
        Note.objects.bulk_create(
            Note(**own, kind="call", at=now, with_whom="x", about=[p.pk], text="x", author=u, author_agency=cast.health)
            for p, u in zip(people, users, strict=True)
        )
        Document.objects.bulk_create(
            Document(**own, kind="agreement", title="x", file="x", content_type="x", size=1, uploaded_by=u)
            for u in users
        )
        TeamMember.objects.bulk_create(
            TeamMember(
                **own,
                user=u,
                agency=cast.health,
                status="accepted",
                invited_by=cast.alice,
                invited_at=now,
                answered_at=now,
            )
            for u in users
        )
        Lead.objects.bulk_create(
            Lead(
                **own,
                user=u,
                agency=cast.health,
                status="declined",
                reason="x",
                asked_by=cast.alice,
                asked_at=now,
                answered_at=now,
            )
            for u in users
        )
        del own["episode"]
        outcomes = Outcome.objects.bulk_create(
            Outcome(**own, plan=plan, person=p, need="x", outcome="x", how_we_know="x", position=n)
            for n, p in enumerate(people)
        )
        Action.objects.bulk_create(
            Action(**own, outcome=o, about_id=o.person_id, text="x", user=u, due_on=clock.today())
            for o, u in zip(outcomes, users, strict=True)
        )
        held = Review.objects.filter(plan=plan).count()
        Review.objects.bulk_create(
            Review(
                **own,
                plan=plan,
                held_at=now,
                how="none",
                finding="positive",
                decision="continue",
                next_review_on=clock.today(),
                recorded_by=u,
            )
            for u in users
        )
        ReviewMove.objects.bulk_create(
            ReviewMove(
                **own,
                plan=plan,
                number=held + count + 1,
                moved_from=clock.today(),
                moved_to=clock.today() + timedelta(days=1),
                reason="x",
                moved_by=u,
            )
            for u in users
        )
        clock_of = Timescale.objects.get(family=family, kind="review")
        Extension.objects.bulk_create(
            Extension(
                **own,
                timescale=clock_of,
                asked_by=u,
                asked_at=now,
                reason="x",
                due_before=clock_of.due_at,
                due_asked=clock_of.due_at,
                status="approved",
                decided_by=cast.manager,
            )
            for u in users
        )


def family_plan(family):
    with acting_as_system("test"):
        return episode_of(family).plan


FAMILY_PAGES = [
    "",
    "chronology/",
    "chronology/?page=2",
    "notes/",
    "documents/",
    "people/",
    "team/",
    "sharing/",
    "plan/",
    "who-can-see/",
    "timescale",
]


@pytest.fixture
def planned(cast, family):
    """Led by Alice, with a plan."""
    agreed_plan(cast, family)
    return family


def test_no_page_of_a_family_asks_more_of_250_rows_than_of_25(cast, sign_in, planned):
    client = sign_in(cast.alice)
    with acting_as(cast.alice):
        timescale = Timescale.objects.get(family=planned, kind="review")
    urls = [page_of(planned, f"deadlines/{timescale.pk}/" if page == "timescale" else page) for page in FAMILY_PAGES]
    much(cast, planned, 25)
    few = {url: questions(client, url) for url in urls for _ in range(2)}
    short = {url: len(client.get(url).content) for url in urls}
    much(cast, planned, 225)
    grown = {url for url in urls if len(client.get(url).content) > 3 * short[url]}
    assert grown == {
        page_of(planned, p)
        for p in (
            "",
            "documents/",
            "people/",
            "team/",
            "sharing/",
            "plan/",
            "who-can-see/",
            f"deadlines/{timescale.pk}/",
        )
    }
    assert {url: questions(client, url) for url in urls} == few
    assert max(few.values()) < 50


def page_of(family, page):
    return family.get_absolute_url() + page


def test_the_chronology_fetches_a_page_and_the_overview_the_latest_and_no_more(cast, sign_in, planned):
    client = sign_in(cast.alice)
    much(cast, planned, 100)
    with CaptureQueriesContext(connection) as captured:
        page = client.get(page_of(planned, "chronology/"))
    assert len(page.context["items"]) == 25
    fetched = [q["sql"] for q in captured if "families_note" in q["sql"] and '"text"' in q["sql"]]
    assert all(" IN (" in sql for sql in fetched)
    assert len(client.get(planned.get_absolute_url()).context["changes"]) == 6


def references(page: str) -> list[str]:
    return re.findall(r'<a class="govuk-link" href="/families/(\d{3}-\d{4})/">', page)


def link(page: str, rel: str) -> str:
    return "/families/" + unescape(re.search(rf'href="([^"]+)"\s+rel="{rel}"', page)[1])


def next_page(page: str) -> str:
    return link(page, "next")


def test_a_page_shows_25_and_leads_on(cast, sign_in):
    many(cast, 30)
    client = sign_in(cast.alice)
    first = client.get("/families/?whose=mine").content.decode()
    assert "30 families" in first
    second = client.get(next_page(first)).content.decode()
    assert len({*references(first), *references(second)}) == 30
    assert len(references(second)) == 5
    assert references(client.get(link(second, "prev")).content.decode()) == references(first)
    with acting_as_system("test"):
        Family.objects.filter(reference=references(first)[0]).update(name="Another")
    assert references(client.get(next_page(first)).content.decode()) == references(second)


def test_the_caseload_remembers_its_filters(cast, sign_in, family):
    client = sign_in(cast.service)
    assert "1 family" in client.get("/families/?whose=all&stage=agreement").content.decode()
    again = client.get("/families/").content.decode()
    assert '<option value="all" selected>' in again
    cleared = client.get("/families/?clear").content.decode()
    assert "1 family" in cleared  # who leads nobody is shown all that they may see
    assert '<option value="agreement" selected>' not in cleared
    assert '<option value="mine" selected>' in sign_in(cast.charlie).get("/families/").content.decode()
