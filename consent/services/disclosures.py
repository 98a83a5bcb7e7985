"""The disclosure log: every time that information leaves, what, to whom, on which basis (ROT-16, ROT-28)."""

from collections.abc import Collection
from datetime import datetime

from django.db import connection, transaction

from consent.models import AgencyPermission, Disclosure, LawfulSharing
from consent.services.ledger import agreed
from earlyhelp.access.identity import acting_as_system
from earlyhelp.accounts.models import Agency, User
from earlyhelp.core import clock
from earlyhelp.core.errors import Refused
from families.models import Family

NEXT_STEP = "Ask the family first, or see whether the law gives a reason to share all the same."


@transaction.atomic
def record_disclosure(
    *,
    family: Family,
    how: str,
    what: str,
    to_whom: str,
    basis: str,
    actor: User,
    agency: Agency | None = None,
    lawful_sharing: LawfulSharing | None = None,
    at: datetime | None = None,
    about: Collection[int] = (),
) -> Disclosure:
    """Log that information was given, or is given now; `about` whom, when it isn't of the family as a whole."""
    if at and at > clock.now():
        raise Refused("The time it was given must be in the past.")
    if (basis == Disclosure.Basis.LAWFUL) != (lawful_sharing is not None):
        raise Refused("Say which decision allows it.")
    with acting_as_system("log that information was given"):
        return Disclosure.objects.create(
            family=family,
            at=at or clock.now(),
            how=how,
            what=what,
            to_whom=to_whom,
            agency=agency,
            basis=basis,
            lawful_sharing=lawful_sharing,
            about=sorted(about),
            created_by=actor,
        )


def who_said_no(family: Family) -> set[int]:
    """Those whose last word was no: known to nobody but whoever runs the support."""
    with acting_as_system("who said no"), connection.cursor() as cursor:
        cursor.execute("SELECT unnest(people) FROM access_said_no(%s, NULL)", [family.pk])
        return {pk for (pk,) in cursor.fetchall()}


def not_shared_with(*, family: Family, agency: Agency, about: set[int] | None) -> str:
    """Why information can't go to `agency` because the family agreed, or "". `about`: whom a copy tells of; None when no
    more is given than that the family is known."""
    episode = family.episode()
    now = clock.now()
    with acting_as_system("whether a copy may go to an agency"):
        rows = AgencyPermission.objects.filter(content_object=family, group=agency).select_related("permission")
        known = [row for row in rows if row.until is None or row.until > now]
    if episode is None or not agreed(episode):
        return f"The family does not agree to early help now. {NEXT_STEP}"
    if not known:
        return f"The family does not share with {agency}. {NEXT_STEP}"
    additional = [row for row in known if row.permission.codename == "additional"]
    if about is not None and not additional:
        return f"The family shares only basic information with {agency}. {NEXT_STEP}"
    kept = set.intersection(*(set(row.withheld_beyond_basic) for row in additional)) if additional else set()
    if about and about & (kept | who_said_no(family)):
        return f"This copy tells of someone who does not share that much with {agency}. {NEXT_STEP}"
    return ""
