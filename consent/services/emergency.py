"""Emergency access: the record for a day, with a reason, told to the lead's manager at once and reviewed."""

import time
from dataclasses import dataclass
from datetime import timedelta

from django.db import transaction

from consent import notices
from consent.clocks import EMERGENCY_REVIEW
from consent.models import EmergencyAccess
from consent.services.ledger import running_agency
from earlyhelp.access.identity import acting_as_system
from earlyhelp.access.known import who_may_know
from earlyhelp.access.levels import Level
from earlyhelp.access.models import Grant, ReadLog
from earlyhelp.access.reads import log_read
from earlyhelp.access.reasons import EMERGENCY
from earlyhelp.accounts.models import User
from earlyhelp.accounts.roles import managers_of, service_managers
from earlyhelp.core import clock
from earlyhelp.procedures.services import procedure_in_force
from earlyhelp.timescales import services as timescales
from families.models import Family

TRY = "consent.emergency"
ANSWERS_IN = 0.4  # seconds: no refusal is quicker than another


@dataclass(frozen=True)
class Answer:
    """Where the record is, or why it doesn't open."""

    url: str = ""
    refused: str = ""


class _KeptOut(Exception):
    pass


def open_record(*, reference: str, reason: str, actor: User) -> Answer:
    """Open a family's record for `actor`, if the rule of who may see lets it.

    A restricted family, one that keeps the actor out and one that doesn't exist get the same answer after the same
    time. Every try is logged, and counted per person and day.
    """
    started = time.monotonic()
    sees_all = Grant.objects.in_force().filter(
        user=actor, family__reference=reference, level__gte=Level.VIEW, withheld=[], withheld_beyond_basic=[]
    )
    if sees_all.exists():
        return Answer(url=f"/families/{reference}/")
    procedure = procedure_in_force()
    call = f"Call {procedure.safeguarding.name}"
    if procedure.safeguarding.phone_day:
        call += f": {procedure.safeguarding.phone_day}, at night {procedure.safeguarding.phone_night}"
    with acting_as_system("tries to open a record in an emergency"):
        since = clock.true_now() - timedelta(days=1)
        tries = ReadLog.objects.filter(user=actor, what=TRY, at__gt=since).count()
    if tries >= procedure.limits.record_checks_a_day:
        return Answer(refused=f"You have tried {tries} times in a day. {call}.")
    access = _open(reference=reference, reason=reason, actor=actor, hours=procedure.sharing.emergency_hours)
    if access:
        log_read(what=TRY, family_id=access.family_id, reference=reference, row_id=access.pk)
        return Answer(url=f"/families/{reference}/")
    log_read(what=TRY, reference=reference, refused=True)
    time.sleep(max(0, ANSWERS_IN - (time.monotonic() - started)))
    return Answer(refused=f"There is no record that you can open with this reference. {call}.")


def _open(*, reference: str, reason: str, actor: User, hours: int) -> EmergencyAccess | None:
    now = clock.now()
    with acting_as_system("open a record in an emergency"):
        family = Family.objects.filter(reference=reference).first()
        if family is None:
            return None
        if family.restricted:
            notices.RestrictedTried.tell(
                set(service_managers()) - {actor}, about=family, key=f"{family.pk}:{actor.pk}:{now:%Y%m%d}"
            )
            return None
        try:
            with transaction.atomic():
                access = EmergencyAccess.objects.create(
                    family=family,
                    user=actor,
                    reason=reason,
                    starts_at=now,
                    ends_at=now + timedelta(hours=hours),
                    created_by=actor,
                )
                mine = Grant.objects.in_force().filter(user=actor, family=family, reason=EMERGENCY)
                if not mine.exists():
                    raise _KeptOut
        except _KeptOut:
            return None
        people = reviewers(family, actor)
        access.reviewers = sorted(user.pk for user in people)
        access.save(update_fields=["reviewers"])
        timescales.start(EMERGENCY_REVIEW, access, about=family, at=now, family_id=family.pk, not_by=actor)
        url = EMERGENCY_REVIEW.link(family, access)
        notices.EmergencyOpened.tell(people, about=family, key=access.pk, url=url)
    return access


def reviewers(family: Family, actor: User) -> list[User]:
    """The managers of the agency that runs the family's support, else the service managers: never who opened it."""
    agency = running_agency(family)
    managers = who_may_know(family.pk, set(managers_of(agency)) - {actor}) if agency else []
    return managers or who_may_know(family.pk, set(service_managers()) - {actor})
