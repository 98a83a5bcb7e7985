"""What stands in the way of a request, each with the question that it belongs to: for form and service."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from earlyhelp.accounts.models import Agency, Locality
from earlyhelp.core.errors import Problem

SOCIAL_CARE = "social_care"
NOBODY = "Add at least one child or adult whom the request is about"
NOT_ASKED = "Ask the family first, then say here who was asked, who agreed, how and when. Your draft is kept"
ASKS_REQUEST = {
    "asked_who": "Enter who was asked",
    "agreed_by": "Enter who agreed",
    "agreed_how": "Select how they agreed",
    "agreed_on": "Enter the date they agreed",
}


@dataclass(frozen=True, kw_only=True)
class PersonSaid:
    """Someone whom a request is about, as its asker knows them; the date of an unborn child is when it is due."""

    kind: str
    first_name: str
    last_name: str = ""
    date_of_birth: date | None = None
    born: str = "exact"
    postcode: str = ""
    phone: str = ""
    relationship: str = ""


@dataclass(frozen=True, kw_only=True)
class RequestSaid:
    """A request for support, with who was asked and agreed to it (ROT-20)."""

    agency: Agency
    locality: Locality
    who_asks: str
    family_name: str
    what_for: str
    tried: str
    level_of_need: str
    received_at: datetime
    asked_who: str
    agreed_by: str
    agreed_how: str
    agreed_on: date | None
    people: tuple[PersonSaid, ...]
    must_not_know: str = ""
    no_parent: str = ""
    talked_with: str = ""
    talked_agreed: str = ""
    interpreter: str = ""
    address: str = ""


def received_problems(at: datetime, *, now: datetime, long_ago_days: int) -> Iterator[Problem]:
    """What was heard of more than so many days ago (local procedure) is asked about."""
    if at < now - timedelta(days=long_ago_days):
        yield Problem(
            f"Check the year: the time you heard of the need is more than {long_ago_days} days ago", "received_at"
        )


def request_problems(
    said: RequestSaid, *, works_for: Collection[Agency], now: datetime, long_ago_days: int
) -> Iterator[Problem]:
    """`works_for`: the agencies that the asker may ask for."""
    if said.agency not in works_for:
        yield Problem("You no longer work for that agency. Sign in again", "agency")
    if not said.people:
        yield Problem(NOBODY)
    yield from received_problems(said.received_at, now=now, long_ago_days=long_ago_days)
    if said.who_asks == SOCIAL_CARE:
        return
    missing = [name for name in ASKS_REQUEST if not getattr(said, name)]
    if len(missing) == len(ASKS_REQUEST):
        yield Problem(NOT_ASKED, "asked")
    else:
        yield from (Problem(ASKS_REQUEST[name], name) for name in missing)
