"""Who could see a family on a day, and what it had decided by then: told again as it was."""

import re
from datetime import timedelta

import pytest
from django.db import transaction
from hypothesis import given
from hypothesis import strategies as st

from consent.models import EmergencyAccess, ExcludedPerson, Tier
from consent.services.ledger import latest_choices, record_choices
from consent.word import Choice
from earlyhelp.access.identity import acting_as, acting_as_system
from earlyhelp.access.models import Grant, GrantPeriod
from earlyhelp.core import clock
from earlyhelp.core.clock import in_london
from families.models import TeamMember
from families.services import team
from tests.access.test_property import World, step
from tests.cast import child, led_family, mother, new_family, share
from tests.hunting import worlds

HELD = ("user", "level", "reason", "agency_id", "until", "withheld", "withheld_beyond_basic")


def snapshot(family):
    with acting_as_system("test"):
        return comparable(Grant.objects.in_force().filter(family=family)), latest_choices(family)


def comparable(rows):
    return sorted(map(str, rows.values_list(*HELD)))


@given(steps=st.lists(step, min_size=1, max_size=7), led=st.booleans())
@worlds(12)
def test_each_past_moment_is_told_as_it_was(cast, steps, led):
    save = transaction.savepoint()
    for user in cast.everyone:
        user.refresh_from_db()
        vars(user).pop("_memberships", None)
    try:
        family = led_family(cast) if led else new_family(cast)
        world, seen = World(cast, family), {}
        for hour, one in enumerate(steps, start=1):
            with clock.frozen_at(clock.now() + world.passed + timedelta(hours=hour)):
                with acting_as_system("test"):
                    world.do(*one)
                seen[clock.now()] = snapshot(family)
        with clock.frozen_at(clock.now() + world.passed + timedelta(days=400)), acting_as_system("test"):
            for moment, (grants, choices) in seen.items():
                assert comparable(GrantPeriod.objects.in_force_at(moment).filter(family=family)) == grants
                assert latest_choices(family, by=moment) == choices
    finally:
        transaction.savepoint_rollback(save)


@pytest.fixture
def weeks(cast):
    """Day 0: a new family. Day 2: it shares, and Charlie joins. Day 5: nothing about Ada for health. Day 9: Charlie leaves."""
    start = clock.now()
    family = new_family(cast)
    with clock.frozen_at(start + timedelta(days=2)):
        share(cast, family, cast.school, cast.health)
        with acting_as(cast.alice):
            member = team.invite(
                family=family, episode=family.episode(), user=cast.charlie, agency=cast.health, role="contributor",
                actor=cast.alice,
            )  # fmt: skip
        with acting_as(cast.charlie):
            team.answer_invitation(member=member, accept=True, reason="", actor=cast.charlie)
    with clock.frozen_at(start + timedelta(days=5)), acting_as(cast.alice):
        record_choices(
            family=family, choices=[Choice(child(family), cast.health, Tier.NONE, mother(family))], actor=cast.alice
        )
    with clock.frozen_at(start + timedelta(days=9)), acting_as(cast.alice):
        team.leave(member=TeamMember.objects.get(user=cast.charlie), actor=cast.alice)
    return family, start


def asks(client, family, moment, time=""):
    day = in_london(moment)
    query = {"on_day": day.day, "on_month": day.month, "on_year": day.year, "on_time": time}
    return client.get(f"{family.get_absolute_url()}who-can-see/on/", query).content.decode()


def test_the_page_tells_each_days_truth(cast, sign_in, weeks):
    family, start = weeks
    with clock.frozen_at(start + timedelta(days=20)):
        client = sign_in(cast.alice)
        first = asks(client, family, start)
        assert "Alice" in first
        assert "Charlie" not in first
        assert "No decision was recorded" in first
        third = asks(client, family, start + timedelta(days=2))
        assert "Contribute: read and add to the record" in third
        assert "Grace Okafor: agreed, 25 November 2026" in third
        assert "but not about" not in third
        assert "Nothing" not in third
        sixth = asks(client, family, start + timedelta(days=5))
        assert "but not about Ada Okafor" in sixth
        assert "Nothing" in sixth
        assert "but not about" not in asks(client, family, start + timedelta(days=5), "9:59am")
        assert "Charlie" not in asks(client, family, start + timedelta(days=10))


def test_a_date_to_come_or_before_the_family_is_answered_in_words(cast, sign_in, weeks):
    family, start = weeks
    client = sign_in(cast.alice)
    with clock.frozen_at(start + timedelta(days=20)):
        assert "The date must be today or in the past" in asks(client, family, start + timedelta(days=21))
        assert "must be in the past" in asks(client, family, start + timedelta(days=20), "11:30pm")
        assert "The family had no record here then" in asks(client, family, start - timedelta(days=3))
        with acting_as_system("test"):
            GrantPeriod.objects.filter(family=family).update(opened_at=start + timedelta(days=1))
        told = asks(client, family, start)
        assert "Who could see this is kept since 24 November 2026 at 10am" in told.replace("10:00am", "10am")
        assert "Enter a date" in client.get(f"{family.get_absolute_url()}who-can-see/on/?on_day=").content.decode()


def test_the_lead_and_managers_alone_ask(cast, sign_in, family):
    url = f"{family.get_absolute_url()}who-can-see/on/"
    for user, status in (
        (cast.alice, 200), (cast.manager, 200), (cast.service, 200), (cast.charlie, 403), (cast.dana, 404)
    ):  # fmt: skip
        assert sign_in(user).get(url).status_code == status
    assert "Who could see it on a date?" in sign_in(cast.alice).get(url.removesuffix("on/")).content.decode()
    assert "Who could see it on a date?" not in sign_in(cast.charlie).get(url.removesuffix("on/")).content.decode()


def test_why_not_says_that_the_family_excluded_someone_and_which_other_ways_are_open(cast, sign_in, family):
    url = f"{family.get_absolute_url()}who-can-see/why-not/?person="

    def answer(user, condition):
        page = sign_in(cast.alice).get(f"{url}{user.pk}").content.decode()
        return re.search(rf"{condition}.*?<strong[^>]*>(\w+)", page, re.DOTALL)[1]

    assert answer(cast.dana, "has not asked that they never see it") == "Yes"
    assert answer(cast.manager, "opened the record in an emergency") == "No"
    with acting_as_system("test"):
        ExcludedPerson.objects.create(family=family, name="Dana", user=cast.dana, decided_by=mother(family))
        EmergencyAccess.objects.create(
            family=family, user=cast.manager, reason="x", starts_at=clock.now(),
            ends_at=clock.now() + timedelta(hours=24),
        )  # fmt: skip
    assert answer(cast.dana, "has not asked that they never see it") == "Missing"
    assert answer(cast.manager, "opened the record in an emergency") == "Yes"
    assert answer(cast.manager, "A decision to share without agreement names them") == "No"
