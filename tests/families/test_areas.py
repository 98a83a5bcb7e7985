"""A family goes by another name, or belongs to another area from a day on."""

import io
from datetime import timedelta

import pytest
from django.urls import reverse
from pypdf import PdfReader

from earlyhelp.access.identity import acting_as, acting_as_system
from earlyhelp.accounts.models import Role
from earlyhelp.core import clock
from earlyhelp.core.errors import Refused
from earlyhelp.timescales.models import Timescale
from families.models import Family, LocalityHelp
from families.services import areas, team
from families.tasks import move_areas
from tests.access.test_doors import told
from tests.access.test_who_sees import disagreements
from tests.cast import episode_of, make_user
from tests.pages import copy_for_all, opened, text_of

WHY = "They moved across the river."


@pytest.fixture
def south_officer(cast):
    return make_user("Southern Officer", cast.council, Role.LOCALITY_OFFICER, locality=cast.south)


def knows(user, family) -> bool:
    with acting_as(user):
        return Family.objects.filter(pk=family.pk).exists()


def test_from_its_day_on_the_other_areas_officer_has_list_clocks_and_print_line(cast, sign_in, family, south_officer):
    with acting_as(cast.charlie):
        before = Family.objects.filter(pk=family.pk).exists()
    alice, url = sign_in(cast.alice), reverse("move_area", args=[family.reference])
    assert "Select the area" in text_of(alice.post(url, opened(alice, url)))
    form = opened(alice, url) | {"to": cast.south.pk, "because": WHY}
    assert "belongs to South now" in text_of(alice.post(url, form, follow=True))
    assert knows(south_officer, family)
    assert not knows(cast.locality, family)
    assert knows(cast.charlie, family) is before is True
    assert family.reference in text_of(sign_in(south_officer).get("/families/"))
    assert family.reference not in text_of(sign_in(cast.locality).get("/families/"))
    with acting_as_system("test"):
        assert set(Timescale.objects.filter(family=family).values_list("locality__name", flat=True)) == {"South"}
    assert told(south_officer, "families.moved_here")
    page = text_of(alice.get(reverse("people", args=[family.reference])))
    assert f"From North to South on 23 November 2026: {WHY}" in page
    form = reverse("print_readers", args=[family.reference])
    answer = alice.post(form, copy_for_all(alice, form))
    printed = " ".join(sheet.extract_text() for sheet in PdfReader(io.BytesIO(answer.content)).pages)
    assert "South" in printed
    assert disagreements() == 0


def test_a_move_that_is_still_to_come_happens_on_its_day_and_another_takes_its_place(cast, family, south_officer):
    with acting_as(cast.alice):
        in_two_weeks = clock.today() + timedelta(days=14)
        areas.move(family=family, to=cast.south, on=in_two_weeks, because=WHY, actor=cast.alice)
        in_a_week = clock.today() + timedelta(days=7)
        areas.move(family=family, to=cast.south, on=in_a_week, because=WHY, actor=cast.alice)
    assert move_areas() == 0
    assert not knows(south_officer, family)
    with clock.frozen_at(clock.now() + timedelta(days=7)):
        assert move_areas() == 1
        assert knows(south_officer, family)
        assert move_areas() == 0


def test_who_helps_to_find_a_lead_is_the_new_areas(cast, family, south_officer):
    with acting_as(cast.alice):
        team.ask_locality(family=family, episode=episode_of(family), reason="Nobody can lead.", actor=cast.alice)
        areas.move(family=family, to=cast.south, on=clock.today(), because=WHY, actor=cast.alice)
    with acting_as(south_officer):
        assert LocalityHelp.objects.get(family=family).locality == cast.south
    assert not knows(cast.locality, family)


def test_a_family_is_not_moved_to_where_it_is(cast, family):
    with acting_as(cast.alice), pytest.raises(Refused, match="belongs to North already"):
        areas.move(family=family, to=cast.north, on=clock.today(), because=WHY, actor=cast.alice)


def test_a_family_is_found_by_the_name_it_goes_by_now(cast, sign_in, family):
    alice, url = sign_in(cast.alice), reverse("rename_family", args=[family.reference])
    assert "Enter the name" in text_of(alice.post(url, opened(alice, url) | {"name": " "}))
    assert alice.post(url, opened(alice, url) | {"name": "Adeyemi"}).status_code == 302
    assert family.reference in text_of(alice.post("/search/", {"q": "Adeyemi"}))
    assert "Adeyemi family" in text_of(alice.get(family.get_absolute_url()))


def test_a_move_that_is_still_to_come_can_be_taken_back(cast, sign_in, family, south_officer):
    with acting_as(cast.alice):
        areas.move(family=family, to=cast.south, on=clock.today() + timedelta(days=7), because=WHY, actor=cast.alice)
    alice, url = sign_in(cast.alice), reverse("move_area", args=[family.reference])
    form = opened(alice, url) | {"to": cast.north.pk, "because": "They stay after all."}
    assert "The family stays in North." in text_of(alice.post(url, form, follow=True))
    with clock.frozen_at(clock.now() + timedelta(days=8)):
        assert move_areas() == 0
        assert not knows(south_officer, family)
