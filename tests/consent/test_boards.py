"""Whose agreement needs someone to act, for those who may know of the family."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from consent.models import Agreement, SharingChoice
from consent.services.ledger import record_agreement
from consent.word import Decision
from earlyhelp.access.identity import acting_as, acting_as_system
from earlyhelp.core import clock
from families.models import Family, Person
from tests.cast import led_family, mother, new_family, share
from tests.journeys.test_lists import many


def decide(cast, family, decision) -> None:
    with acting_as(cast.alice):
        record_agreement(family=family, decision=Decision(person=mother(family), decision=decision, how="verbal", decided_on=clock.today(), witness="Alice", wishes="My own words."), choices=[], actor=cast.alice)  # fmt: skip


def board(client, name) -> str:
    return client.get(f"/agreements/?board={name}").content.decode()


def test_each_family_stands_on_the_board_of_its_latest_word(cast, sign_in):
    unasked, refused, withdrawn, fine, expiring = (
        new_family(cast, name="Unasked"),
        new_family(cast, name="Refused"),
        led_family(cast, name="Withdrawn"),
        led_family(cast, name="Fine"),
        new_family(cast, name="Expiring"),
    )
    decide(cast, refused, Agreement.Decision.REFUSED)
    decide(cast, withdrawn, Agreement.Decision.WITHDRAWN)
    share(cast, expiring, cast.school, until=clock.now() + timedelta(days=29))
    with clock.frozen_at(clock.now() + timedelta(days=3)):
        for user in (cast.manager, cast.locality, cast.service):
            client = sign_in(user)
            for name, family in (
                ("missing", unasked),
                ("refused", refused),
                ("withdrawn", withdrawn),
                ("expiring", expiring),
            ):
                page = board(client, name)
                assert "1 family" in page, (user, name)
                assert family.display_name in page
                assert family.reference in page
                assert fine.reference not in page
                assert "(1)" in page
                assert "My own words." not in page
                assert "Grace" not in page


def test_a_family_asked_today_is_not_yet_missing_and_one_that_agrees_again_leaves(cast, sign_in):
    family = new_family(cast)
    client = sign_in(cast.manager)
    assert "was asked in time" in board(client, "missing")
    decide(cast, family, Agreement.Decision.REFUSED)
    assert "Okafor family" in board(client, "refused")
    decide(cast, family, Agreement.Decision.GIVEN)
    assert "No family that you may see has said no" in board(client, "refused")


def test_a_choice_to_be_looked_at_again_runs_out_too(cast, sign_in, family):
    client = sign_in(cast.manager)
    assert "Nothing runs out soon" in board(client, "expiring")
    with acting_as_system("test"):
        latest = SharingChoice.objects.filter(family=family).first()
        SharingChoice.objects.filter(pk=latest.pk).update(review_on=clock.today())
    assert "Okafor family" in board(client, "expiring")


def test_a_board_shows_only_what_its_reader_may_know_of(cast, sign_in):
    family = new_family(cast)
    decide(cast, family, Agreement.Decision.REFUSED)
    with acting_as_system("test"):
        Family.objects.filter(pk=family.pk).update(restricted=True)
    for user in (cast.manager, cast.locality):
        assert "0 families" in board(sign_in(user), "refused")
    assert "1 family" in board(sign_in(cast.service), "refused")
    for who in ("alice", "dana", "auditor", "admin"):
        client = sign_in(getattr(cast, who))
        assert client.get("/agreements/").status_code == 403
        assert 'href="/agreements/"' not in client.get("/").content.decode()
    assert 'href="/agreements/"' in sign_in(cast.locality).get("/").content.decode()


@pytest.mark.parametrize("name", ["missing", "refused", "expiring", "withdrawn"])
def test_a_board_asks_no_more_of_250_families_than_of_25(cast, sign_in, name):
    client = sign_in(cast.service)

    def add(count):
        with acting_as_system("test"):
            before = set(Family.objects.values_list("pk", flat=True))
            many(cast, count)
            if name == "missing":
                return
            decision = {"refused": "refused", "withdrawn": "withdrawn"}.get(name, "given")
            people = Person.objects.exclude(family__in=before).select_related("family")
            Agreement.objects.bulk_create(
                Agreement(
                    family=p.family, episode=p.family.episode(), person=p, decision=decision, how="signed",
                    decided_on=clock.today(), until=clock.now() + timedelta(days=9),
                )
                for p in people
            )  # fmt: skip

    def questions() -> int:
        with clock.frozen_at(clock.now() + timedelta(days=4)), CaptureQueriesContext(connection) as captured:
            assert client.get(f"/agreements/?board={name}").status_code == 200
        return len(captured)

    add(25)
    questions()
    few = questions()
    add(225)
    questions()
    assert questions() == few
    assert few < 30
    with clock.frozen_at(clock.now() + timedelta(days=4)):
        assert 'aria-label="Page 10"' in board(client, name)
