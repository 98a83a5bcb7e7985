"""How much an assessment of twelve parts and six people asks of the database, besides savepoints and settings."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from assessments.reading import Sheet
from assessments.rules import missing
from assessments.services import finalising
from earlyhelp.access.identity import acting_as
from tests.assessments.helpers import add_child, assessment_of, fill, page, part_url, started, the_child, write

FURNITURE = ("SAVEPOINT", "RELEASE", "SELECT set_config", "ROLLBACK")


@contextmanager
def at_most(number: int) -> Iterator[None]:
    with CaptureQueriesContext(connection) as captured:
        yield
    asked = [query["sql"][:200] for query in captured if not query["sql"].startswith(FURNITURE)]
    assert len(asked) <= number, "\n".join([str(len(asked)), *asked])


@pytest.fixture
def six(cast, sign_in, family):
    """Six people, each written about by two agencies."""
    for name in ("Ben", "Chi", "Dele"):
        add_child(cast, family, name, shares_with=(cast.school, cast.health))
    add_child(cast, family, "Tunde", kind="adult", shares_with=(cast.school, cast.health))
    started(cast, family)
    alice, charlie = sign_in(cast.alice), sign_in(cast.charlie)
    fill(alice, family, "start", harm="no")
    for name in ("Ada", "Ben", "Chi", "Dele"):
        child = the_child(family, name)
        for client in (alice, charlie):
            fill(client, family, "child", child, voice="Hello.", needs__worried="Late.", attendance="90")
    for part in ("family_life", "parenting", "health", "agency", "analysis"):
        for client in (alice, charlie):
            fill(client, family, part, needs__worried="Tired.")
    return family


@pytest.mark.parametrize("name", ["assessment", "assessment_read"])
def test_the_pages_ask_little(cast, sign_in, six, name):
    alice = sign_in(cast.alice)
    alice.get(page(name, six))
    with at_most(15):
        assert alice.get(page(name, six)).status_code == 200


def test_saving_a_part_asks_little(cast, sign_in, six):
    alice = sign_in(cast.alice)
    alice.get(part_url(six, "home_money_work"))
    with at_most(22):
        fill(alice, six, "home_money_work", home__worried="Damp.", money__worried="Rent.", money__scale="4")
    with acting_as(cast.alice):
        assessment = assessment_of(six)
    with at_most(12):
        write(cast.alice, six, "first_taf", agency=cast.school, venue="School", members="Everyone", childcare="Aunt")
    assert assessment.is_open


def test_finalising_asks_little(cast, six):
    with acting_as(cast.alice):
        assessment = assessment_of(six)
        reasons = {one.key: "We wait with it." for one in missing(Sheet(assessment, six))}
        with at_most(40):
            finalising.finalise(assessment=assessment, actor=cast.alice, reasons=reasons)
