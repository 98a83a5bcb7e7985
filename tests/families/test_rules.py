"""What stands in the way of a request, without a database."""

from datetime import UTC, date, datetime, timedelta

import pytest

from earlyhelp.accounts.models import Agency, Locality
from families.rules import NOBODY, NOT_ASKED, PersonSaid, RequestSaid, request_problems

NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)
SCHOOL = Agency(pk=1, name="Hill Primary")
ADA = PersonSaid(kind="child", first_name="Ada")
UNASKED = {"asked_who": "", "agreed_by": "", "agreed_how": "", "agreed_on": None}


def said(**changes):
    told = {
        "agency": SCHOOL, "locality": Locality(pk=1), "who_asks": "practitioner", "family_name": "Okafor",
        "what_for": "Ada is tired.", "tried": "Breakfast club.", "level_of_need": "2", "received_at": NOW,
        "asked_who": "Grace", "agreed_by": "Grace", "agreed_how": "verbal", "agreed_on": date(2026, 11, 20),
        "people": (ADA,),
    }  # fmt: skip
    return RequestSaid(**told | changes)


@pytest.mark.parametrize(
    ("changes", "problems"),
    [
        ({}, []),
        ({"agency": Agency(pk=2)}, [("agency", "You no longer work for that agency. Sign in again")]),
        ({"people": ()}, [("", NOBODY)]),
        (UNASKED, [("asked", NOT_ASKED)]),
        ({"agreed_by": "", "agreed_on": None}, [("agreed_by", "Enter who agreed"), ("agreed_on", "Enter the date they agreed")]),
        (
            {"received_at": NOW - timedelta(days=181)},
            [("received_at", "Check the year: the time you heard of the need is more than 180 days ago")],
        ),
        (UNASKED | {"people": ()}, [("", NOBODY), ("asked", NOT_ASKED)]),
    ],
)  # fmt: skip
def test_what_is_missing_is_said_all_at_once_each_at_its_question(changes, problems):
    found = request_problems(said(**changes), works_for=[SCHOOL], now=NOW, long_ago_days=180)
    assert [(problem.field, problem.text) for problem in found] == problems
