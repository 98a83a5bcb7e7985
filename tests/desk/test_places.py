"""Agencies, areas and postcode districts: kept by the administrator, with their history."""

import pytest

from earlyhelp.accounts.models import Agency, District, Locality
from earlyhelp.desk.models import DeskChange
from earlyhelp.desk.services.places import set_districts
from tests.journeys.test_refusals import DETAILS, filled
from tests.pages import opened, text_of


def test_an_agency_is_added_changed_and_its_history_says_what_it_was(cast, sign_in):
    admin = sign_in(cast.admin)
    url = "/settings/agencies/add/"
    page = admin.post(url, opened(admin, url))
    assert "Enter the name" in text_of(page)
    assert "Select what kind of agency it is" in text_of(page)
    form = opened(admin, url) | {"name": "Elm Nursery", "kind": "early_years", "locality": cast.north.pk}
    shown = admin.post(url, form, follow=True)
    assert "Elm Nursery" in text_of(shown)
    assert "Nobody yet." in text_of(shown)
    agency = Agency.objects.get(name="Elm Nursery")
    change = f"/settings/agencies/{agency.pk}/change/"
    page = text_of(admin.post(change, opened(admin, change) | {"phone": "01632 960050"}, follow=True))
    assert "01632 960050" in page
    assert "phone was “”" in page
    assert "Admin" in page
    again = opened(admin, url) | {"name": "ELM nursery", "kind": "school"}
    assert "There is “ELM nursery” already" in text_of(admin.post(url, again))
    team = f"/settings/agencies/{agency.pk}/teams/add/"
    assert "Rainbow room" in text_of(admin.post(team, opened(admin, team) | {"name": "Rainbow room"}, follow=True))


def test_a_vacant_post_is_shown_with_what_it_does(cast, sign_in):
    page = text_of(sign_in(cast.admin).get("/settings/areas/"))
    assert "North Noor Hill Locality Officer" in page
    assert "South Vacant Vacant The service manager answers its requests." in page


def test_a_pasted_list_takes_what_is_right_and_keeps_the_rest_in_the_box(cast, sign_in):
    admin, url = sign_in(cast.admin), "/settings/areas/districts/"
    text = "MX1, North\nmx1 2,south\nM12345, North\nMX2, Nowhere\n\nMX3\tNorth"
    page = admin.post(url, opened(admin, url) | {"text": text})
    assert "3 districts are in." in text_of(page)
    assert "Line 1, “M12345, North”: “M12345” is no postcode district. Enter one like MX1" in text_of(page)
    assert "Line 2, “MX2, Nowhere”: There is no “Nowhere”. Enter one of North, South" in text_of(page)
    assert opened(admin, url, page)["text"].split("\n") == ["M12345, North", "MX2, Nowhere"]
    found = {code: District.locality_of(code) for code in ("MX1 1AA", "mx12aa", "MX3 9ZZ", "MX4 1AA", "MX", "")}
    assert [place.name if place else "" for place in found.values()] == ["North", "South", "North", "", "", ""]


def test_a_request_finds_its_area_by_the_postcode(cast, sign_in):
    set_districts(text="MX1, South", actor=cast.admin)
    dana = sign_in(cast.dana)
    said = {name: value for name, value in filled(cast).items() if name != "locality"}
    form = opened(dana, DETAILS) | said | {"step": "people", "locality": ""}
    wrong = text_of(dana.post(DETAILS, form | {"postcode": "ZZ1 1ZZ"}, follow=True))
    assert "Nobody has said yet where this postcode lies. Select the area where the family lives" in wrong
    assert "Select the area where the family lives" in text_of(dana.post(DETAILS, form | {"postcode": ""}, follow=True))
    page = dana.post(DETAILS, form | {"postcode": "MX1 2AB"}, follow=True)
    assert "Level of need" in text_of(page)


@pytest.mark.parametrize("who", ["alice", "manager", "service", "locality", "auditor", "superuser"])
def test_nobody_else_keeps_places(cast, sign_in, who):
    client = sign_in(getattr(cast, who))
    for path in ("agencies/", "agencies/add/", "areas/", "areas/add/", "areas/districts/"):
        assert client.get(f"/settings/{path}").status_code == 403


def test_what_is_changed_is_kept_and_by_whom(cast, sign_in):
    admin, url = sign_in(cast.admin), f"/settings/areas/{cast.south.pk}/"
    admin.post(url, opened(admin, url) | {"coordinator_name": "Sol Vane"})
    kept = DeskChange.objects.get()
    assert (kept.by, kept.before, kept.after) == (
        cast.admin,
        {"coordinator_name": ""},
        {"coordinator_name": "Sol Vane"},
    )
    assert Locality.objects.get(pk=cast.south.pk).coordinator_name == "Sol Vane"
