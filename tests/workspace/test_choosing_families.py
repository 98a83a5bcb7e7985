"""The list of families: filters, orders, pages by key, saved filters, and files that run nothing."""

import csv
import io
import re
import zipfile
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from earlyhelp.access.identity import acting_as_system
from earlyhelp.access.models import ReadLog
from earlyhelp.accounts.models import Membership, Team
from earlyhelp.core import clock
from earlyhelp.timescales.models import Timescale
from earlyhelp.workspace import caseload, export
from earlyhelp.workspace.models import CaseloadDetail, SavedFilter
from families.models import Episode, Family, Lead
from tests.cast import new_family
from tests.journeys.test_lists import link, many, references
from tests.pages import opened, text_of

LIST = "/families/"
EVERYONE = f"{LIST}?whose=all&stage=any"


@pytest.fixture
def three(cast, family):
    """Okafor, led by Alice; Ash, at its first contact; and Birch, which ended. Each with another deadline."""
    ash, birch = new_family(cast, name="Ash"), new_family(cast, name="Birch")
    with acting_as_system("test"):
        Timescale.objects.filter(family=family).update(due_at=clock.now() + timedelta(days=3))
        Timescale.objects.filter(family=ash).update(due_at=clock.now() - timedelta(days=6))
        Episode.objects.filter(family=birch).update(stage="ended", ended_at=clock.now(), end_reason="met")
        Timescale.objects.filter(family=birch).update(stopped_at=clock.now())
    return {"Okafor": family.reference, "Ash": ash.reference, "Birch": birch.reference}


def shown(three, page) -> list[str]:
    names = {reference: name for name, reference in three.items()}
    return [names[reference] for reference in references(page.content.decode())]


@pytest.mark.parametrize(
    ("query", "families"),
    [
        ("whose=all", "Ash Okafor"),
        ("whose=all&stage=any", "Ash Okafor Birch"),
        ("whose=all&stage=ended", "Birch"),
        ("whose=all&due=late", "Ash"),
        ("whose=all&due=week", "Okafor"),
        ("whose=all&no_agreement=yes", ""),
        ("whose=all&stage=any&sort=name", "Ash Birch Okafor"),
        ("whose=all&stage=any&sort=-name", "Okafor Birch Ash"),
        ("whose=all&stage=any&sort=stage", "Ash Okafor Birch"),
        ("whose=all&stage=any&sort=-due", "Okafor Ash Birch"),
        ("whose=all&level=2", "Ash Okafor"),
        ("whose=all&level=3", ""),
        ("whose=all&lead=999999", ""),
        ("whose=all&sort=nonsense&stage=nonsense&locality=x&level=nonsense", "Ash Okafor"),
    ],
)
def test_families_are_chosen_and_put_in_order(cast, sign_in, three, query, families):
    assert shown(three, sign_in(cast.service).get(f"{LIST}?{query}")) == families.split()


def test_by_agency_team_lead_and_area(cast, sign_in, three):
    service = sign_in(cast.service)
    team = Team.objects.create(agency=cast.school, name="Year 3")
    Membership.objects.filter(user=cast.alice).update(team=team)
    with acting_as_system("test"):
        lead = Lead.objects.get(status="accepted")
    for query, families in (
        (f"agency={cast.school.pk}", "Okafor"),
        (f"agency={cast.school.pk}&team={team.pk}", "Okafor"),
        (f"agency={cast.school.pk}&lead={lead.user_id}", "Okafor"),
        (f"agency={cast.council.pk}", ""),
        (f"locality={cast.south.pk}", ""),
        (f"locality={cast.north.pk}", "Ash Okafor"),
    ):
        page = service.get(f"{LIST}?whose=all&due=&{query}")
        assert [name for name in shown(three, page) if name == "Okafor" or "locality" in query] == families.split(), (
            query
        )
    assert "Year 3" in service.get(f"{LIST}?agency={cast.school.pk}").content.decode()


def test_a_list_has_the_words_short_and_says_how_late(cast, sign_in, three):
    page = text_of(sign_in(cast.service).get(f"{LIST}?whose=all"))
    assert "17 Nov 6 days late" in page
    assert "26 Nov" in page


@pytest.mark.parametrize("sort", [*caseload.SORTS, *(f"-{sort}" for sort in caseload.SORTS)])
def test_pages_hold_every_family_once_in_either_direction(cast, sign_in, family, sort):
    many(cast, 60)
    with acting_as_system("test"):
        Timescale.objects.filter(family__name__endswith="7").update(stopped_at=clock.now())
        CaseloadDetail.objects.filter(family__name__endswith="3").update(level_of_need="2")
        expected = list(
            caseload.in_order(caseload.CaseloadEntry.objects.open(), sort).values_list("reference", flat=True)
        )
    service = sign_in(cast.service)
    pages = [service.get(f"{LIST}?whose=all&sort={sort}").content.decode()]
    while 'rel="next"' in pages[-1]:
        pages.append(service.get(link(pages[-1], "next")).content.decode())
    assert [ref for page in pages for ref in references(page)] == expected
    assert len(pages) == 3
    back = service.get(link(pages[-1], "prev")).content.decode()
    assert references(back) == references(pages[1])
    assert references(service.get(link(back, "prev")).content.decode()) == references(pages[0])


def test_a_place_in_the_list_that_is_not_ones_own_shows_the_first_page(cast, sign_in, three):
    with acting_as_system("test"):
        hidden = Family.objects.create(name="Hidden", locality=cast.south)
    page = sign_in(cast.charlie).get(f"{LIST}?whose=mine&after={hidden.reference}")
    assert shown(three, page) == ["Okafor"]


def test_filters_are_saved_under_a_name_and_removed(cast, sign_in, three):
    service = sign_in(cast.service)
    service.get(f"{LIST}?whose=all&due=late&no_lead=yes")
    form = opened(service, f"{LIST}filters/save/")
    assert "Enter a name" in text_of(service.post(f"{LIST}filters/save/", form | {"name": " "}))
    service.post(f"{LIST}filters/save/", form | {"name": "Late, no lead"})
    service.get(f"{LIST}?clear")
    page = service.get(LIST).content.decode()
    query = re.search(r'href="\?([^"]+)">Late, no lead', page)[1].replace("&amp;", "&")
    assert query == "whose=all&due=late&no_lead=yes"
    again = service.post(f"{LIST}filters/save/", opened(service, f"{LIST}filters/save/") | {"name": "Late, no lead"})
    assert "Enter another name" in text_of(again)
    with acting_as_system("test"):
        saved = SavedFilter.objects.get()
    assert sign_in(cast.alice).get(f"{LIST}filters/{saved.pk}/remove/").status_code == 404
    remove = f"{LIST}filters/{saved.pk}/remove/"
    service.post(remove, opened(service, remove))
    assert "Late, no lead" not in service.get(LIST).content.decode()


def test_a_file_holds_what_the_list_shows_runs_nothing_and_is_logged(cast, sign_in, three):
    with acting_as_system("test"):
        Family.objects.filter(name="Ash").update(name="=HYPERLINK(1)")
    service = sign_in(cast.service)
    service.get(EVERYONE)
    answer = service.get(f"{LIST}file/csv/")
    assert answer["Content-Disposition"].endswith('.csv"')
    rows = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert [row[1] for row in rows] == ["Family", "'=HYPERLINK(1)", "Okafor", "Birch"]
    with acting_as_system("test"):
        assert ReadLog.objects.filter(user=cast.service, what="workspace.export").count() == 3
    book = zipfile.ZipFile(io.BytesIO(service.get(f"{LIST}file/xlsx/").content))
    assert "=HYPERLINK(1)" in book.read("xl/sharedStrings.xml").decode()
    assert "<f>" not in book.read("xl/worksheets/sheet1.xml").decode()
    assert service.get(f"{LIST}file/exe/").status_code == 404
    assert sign_in(cast.admin).get(f"{LIST}file/csv/").status_code == 403
    own = sign_in(cast.charlie).get(f"{LIST}file/csv/?whose=all")
    assert own.content.decode("utf-8-sig").count("\n") == 2  # its headings, and the one that he may know of


def test_too_many_for_a_file_are_refused(cast, sign_in, three, monkeypatch):
    monkeypatch.setattr(export, "MOST", 1)
    answer = sign_in(cast.service).get(f"{LIST}file/csv/?whose=all&stage=any")
    assert answer.status_code == 400
    assert "Choose fewer families" in text_of(answer)


@pytest.mark.parametrize(
    "query", ["whose=all", "whose=all&no_progress=yes&no_lead=yes&level=2&sort=lead", "whose=mine"]
)
def test_the_list_asks_no_more_of_250_families_than_of_two_pages(cast, sign_in, query):
    service = sign_in(cast.service)
    counts = []
    for more in (35, 215):
        many(cast, more)
        service.get(f"{LIST}?{query}")
        with CaptureQueriesContext(connection) as captured:
            service.get(f"{LIST}?{query}")
        counts.append(sum(not q["sql"].startswith(("SAVEPOINT", "RELEASE", "SELECT set_config")) for q in captured))
    assert counts[0] == counts[1] <= 14
