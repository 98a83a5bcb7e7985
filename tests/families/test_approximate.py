"""What is known approximately is never taken for exact: by a rule, in a list, on a page."""

from datetime import date

import pytest

from consent.services.competence import decides_alone
from earlyhelp.core import clock
from families.models import Person
from families.services.people import odd_relation
from tests.access.test_doors import person_of
from tests.cast import add_sibling, child, mother

TODAY = date(2026, 11, 23)


def born(day: date, how: str, kind: str = "child") -> Person:
    return Person(kind=kind, first_name="Nia", date_of_birth=day, born=how)


@pytest.mark.parametrize(
    ("day", "how", "alone"),
    [
        (date(2013, 11, 23), "exact", True),
        (date(2013, 11, 24), "exact", False),
        (date(2013, 11, 1), "month", False),  # perhaps the 24th to the 30th
        (date(2013, 10, 1), "month", True),
        (date(2013, 1, 1), "year", False),
        (date(2012, 1, 1), "year", True),
        (date(2012, 2, 1), "month", True),
    ],
)
def test_who_may_not_be_old_enough_yet_does_not_decide_alone(day, how, alone):
    assert clock.today() == TODAY
    assert decides_alone(born(day, how), None, from_age=13) is alone


def test_a_parent_of_about_the_same_year_is_not_called_younger(cast, family):
    grace, ada = person_of(family, mother), person_of(family, child)
    about = add_sibling(
        family, cast.alice, kind="adult", first_name="Rose", date_of_birth=date(2017, 1, 1), born="year"
    )
    assert ada.date_of_birth.year == 2017
    assert odd_relation(about, ada, kind="mother", parental_responsibility="no") == []
    about.born = "exact"
    about.date_of_birth = date(2018, 1, 1)
    assert "is younger than" in odd_relation(about, ada, kind="mother", parental_responsibility="no")[0]
    assert odd_relation(grace, ada, kind="mother", parental_responsibility="no") == []
