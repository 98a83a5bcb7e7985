"""What happened, by when it happened; what changed lately, by when it was written down."""

import re
from datetime import date, timedelta

import pytest
from django.urls import reverse

from assessments.services import starting
from consent.models import Tier
from consent.services.ledger import record_choices
from consent.word import Choice
from earlyhelp.access.identity import acting_as, acting_as_system
from earlyhelp.core import clock
from earlyhelp.workspace import chronology
from families.models import ContactAttempt
from families.services import episodes
from plans import services
from plans.models import Plan
from plans.rules import AgreeSaid
from tests.access.test_doors import person_of
from tests.assessments.test_forms import pdf_text
from tests.cast import child
from tests.pages import copy_for_all, opened
from tests.plans.helpers import NEXT, agreed_plan, draft_plan
from tests.plans.test_plan_pages import text_of


def titles(client, family, name="chronology", query="") -> list[str]:
    html = client.get(reverse(name, args=[family.reference]) + query).content.decode()
    found = re.findall(r'class="moj-timeline__title">(.*?)</h', html, re.DOTALL)
    return [re.sub(r"<[^>]+>|\s+", " ", title).strip() for title in found]


def note(cast, family, with_whom, ago, **fields):
    with acting_as(cast.alice):
        return episodes.write_note(
            family=family,
            episode=family.episode(),
            kind="call",
            at=clock.now() - ago,
            with_whom=with_whom,
            about=[],
            text="x",
            actor=cast.alice,
            **fields,
        )


def later(minutes):
    return clock.frozen_at(clock.now() + timedelta(minutes=minutes))


def test_the_chronology_tells_by_when_it_happened_and_the_overview_by_when_it_was_written(cast, sign_in, family):
    with later(10):
        note(cast, family, "the school nurse", timedelta(minutes=5))
    with later(20):
        note(cast, family, "the dentist", timedelta(minutes=18))
    alice = sign_in(cast.alice)
    assert titles(alice, family)[:2] == ["Phone call with the school nurse", "Phone call with the dentist"]
    assert titles(alice, family, "family")[:2] == ["Phone call with the dentist", "Phone call with the school nurse"]


def test_what_was_written_on_another_day_says_so_on_the_overview_and_not_in_the_chronology(cast, sign_in, family):
    with clock.frozen_at(clock.now() + timedelta(days=3)):
        note(cast, family, "the dentist", timedelta(days=2))
        client = sign_in(cast.alice)
        shown = text_of(client.get(family.get_absolute_url()))
        assert "by Alice, recorded on 26 November 2026" in shown
        assert "24 November 2026" in shown
        assert "recorded on" not in text_of(client.get(reverse("chronology", args=[family.reference])))


def test_a_plan_recorded_late_is_told_on_its_day_and_is_news_today(cast, sign_in, family):
    draft_plan(cast, family)
    with clock.frozen_at(clock.now() + timedelta(days=3)):
        with acting_as(cast.alice):
            services.agree(plan=Plan.objects.get(), said=AgreeSaid(date(2026, 11, 24), NEXT), actor=cast.alice)
        note(cast, family, "the dentist", timedelta(days=1))
        client = sign_in(cast.alice)
        assert titles(client, family)[:2] == ["Phone call with the dentist", "Plan agreed"]
        assert "Plan agreed" in titles(client, family, "family")[:2]


def test_everything_that_happened_on_the_first_day_is_there_once_latest_first(cast, sign_in, family):
    agreed_plan(cast, family)
    with acting_as(cast.alice):
        episodes.record_contact(
            family=family,
            episode=family.episode(),
            at=clock.now(),
            how="visit",
            reached=True,
            note="",
            actor=cast.alice,
        )
    assert titles(sign_in(cast.alice), family) == [
        "Plan agreed",
        "Charlie, Health visiting, joined the team",
        "Alice accepted to lead",
        "Alice was asked to lead",
        "Grace Okafor: agreed",
        "Contact made: visit",
        "Request: accepted",
        "Support was asked for",
    ]


def test_each_event_is_on_one_page_whatever_was_at_the_same_moment(cast, sign_in, family):
    with acting_as_system("test"):
        ContactAttempt.objects.bulk_create(
            ContactAttempt(
                family=family,
                episode=family.episode(),
                at=clock.now(),
                how="call",
                reached=False,
                by=cast.alice,
                note=n,
            )
            for n in map(str, range(60))
        )
    alice, notes = sign_in(cast.alice), []
    for number in (1, 2, 3):
        page = alice.get(reverse("chronology", args=[family.reference]) + f"?page={number}")
        notes += [item.text for item in page.context["items"] if item.text]
    assert sorted(notes, key=int) == [str(n) for n in range(60)]


@pytest.mark.parametrize("query", ["?page=0", "?page=999", "?page=x"])
def test_a_page_that_is_not_there_shows_one_that_is(cast, sign_in, query, family):
    assert titles(sign_in(cast.alice), family, query=query)


def test_it_tells_an_agency_nothing_of_someone_who_does_not_share_with_it(cast, sign_in, family):
    with acting_as(cast.alice):
        ada = child(family)
        record_choices(family=family, choices=[Choice(ada, cast.health, Tier.NONE, ada)], actor=cast.alice)
        episodes.write_note(
            family=family,
            episode=family.episode(),
            kind="visit",
            at=clock.now(),
            with_whom="Ada",
            about=[ada.pk],
            text="x",
            actor=cast.alice,
        )
    for name in ("chronology", "family"):
        assert "Visit with Ada" in titles(sign_in(cast.alice), family, name)
        assert "Visit with Ada" not in titles(sign_in(cast.charlie), family, name)


def shown(cast, family, sign_in, **chosen):
    query = "&".join(f"{name}={value}" for name, value in chosen.items())
    return titles(sign_in(cast.alice), family, query=f"?{query}")


def day_in(name, when):
    return {f"{name}_day": when.day, f"{name}_month": when.month, f"{name}_year": when.year}


def test_it_is_shown_between_two_days(cast, sign_in, family):
    note(cast, family, "the dentist", timedelta(days=20))
    note(cast, family, "the nurse", timedelta(days=10))
    today = clock.today()
    chosen = day_in("since", today - timedelta(days=12)) | day_in("until", today - timedelta(days=8))
    assert shown(cast, family, sign_in, **chosen) == ["Phone call with the nurse"]
    assert shown(cast, family, sign_in, **day_in("until", today - timedelta(days=15))) == [
        "Phone call with the dentist"
    ]


def test_days_the_wrong_way_round_say_so_and_hide_nothing(cast, sign_in, family):
    chosen = day_in("since", clock.today()) | day_in("until", clock.today() - timedelta(days=8))
    query = "&".join(f"{name}={value}" for name, value in chosen.items())
    page = text_of(sign_in(cast.alice).get(reverse("chronology", args=[family.reference]) + f"?{query}"))
    assert "The last day must be after the first" in page
    assert "accepted to lead" in page


def test_a_day_that_is_none_says_so_and_the_rest_of_the_choice_holds(cast, sign_in, family):
    note(cast, family, "the dentist", timedelta(hours=1))
    url = reverse("chronology", args=[family.reference]) + "?since_day=31&since_month=2&since_year=2026&matters=yes"
    page = text_of(sign_in(cast.alice).get(url))
    assert "The first day must be a real date" in page
    assert "accepted to lead" in page
    assert "Phone call with the dentist" not in page


def test_it_is_shown_of_one_person_and_of_what_matters(cast, sign_in, family):
    ada = person_of(family, child)
    note(cast, family, "the dentist", timedelta(hours=1))
    with acting_as(cast.alice):
        starting.start(family=family, episode=family.episode(), actor=cast.alice)
        episodes.write_note(
            family=family, episode=family.episode(), kind="call", at=clock.now(), with_whom="Ada’s teacher",
            about=[ada.pk], text="x", actor=cast.alice,
        )  # fmt: skip
    found = shown(cast, family, sign_in, person=ada.pk)
    assert "Phone call with Ada’s teacher" in found
    assert "Phone call with the dentist" not in found
    matters = shown(cast, family, sign_in, matters="yes")
    assert "Alice accepted to lead" in matters
    assert "Assessment started" in matters
    assert not [title for title in matters if "Phone call" in title]


def test_the_print_has_what_is_shown_and_the_familys_has_no_notes(cast, sign_in, family):
    note(cast, family, "the dentist", timedelta(days=20))
    client, url = sign_in(cast.alice), reverse("print_chronology", args=[family.reference])
    pdf = pdf_text(client.post(url, opened(client, url) | copy_for_all(client, url)))
    assert "Alice accepted to lead" in pdf
    assert "the dentist" not in pdf
    with acting_as(cast.alice):
        wanted = chronology.Wanted()
        told = [item.title for item in chronology.printed(family, wanted)]
        assert "Phone call with the dentist" in told
        assert told.index("Phone call with the dentist") < told.index("Alice accepted to lead")


def test_what_only_some_read_is_in_no_print(cast, sign_in, family):
    note(cast, family, "my supervisor", timedelta(hours=1), only_agency=cast.school)
    with acting_as(cast.alice):
        told = [item.title for item in chronology.printed(family, chronology.Wanted())]
    assert "Phone call with my supervisor" not in told
    assert "Alice accepted to lead" in told


def test_a_print_without_someone_says_nothing_that_names_them(cast, sign_in, family):
    ada = person_of(family, child)
    note(cast, family, "the dentist about Ada", timedelta(hours=1))
    with acting_as(cast.alice):
        told = " ".join(item.title for item in chronology.printed(family, chronology.Wanted(), without=[ada.pk]))
    assert "Ada" not in told
    assert "Alice accepted to lead" in told
