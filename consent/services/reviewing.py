"""The review of an emergency access: what was opened, whether that was right, and stopping it."""

from dataclasses import dataclass

from django.db import transaction

from consent import notices
from consent.clocks import EMERGENCY_REVIEW
from consent.models import EmergencyAccess
from consent.services.emergency import TRY
from earlyhelp.access.actions import registry
from earlyhelp.access.identity import acting_as_system
from earlyhelp.access.models import ReadLog
from earlyhelp.accounts.models import User
from earlyhelp.accounts.roles import service_managers
from earlyhelp.core import clock
from earlyhelp.core.errors import Refused
from earlyhelp.govuk.components import when_text
from earlyhelp.timescales import services as timescales
from families.models import Family

MOST = 200  # pages
Finding = EmergencyAccess.Finding


@dataclass(frozen=True)
class Opened:
    """One page that was opened, when by true time."""

    what: str
    at: object


@transaction.atomic
def stop(*, access: EmergencyAccess) -> None:
    """End someone's emergency access to a family at once, however often they opened it."""
    with acting_as_system("stop emergency access"):
        EmergencyAccess.objects.filter(family=access.family_id, user=access.user_id, ends_at__gt=clock.now()).update(
            ends_at=clock.now()
        )


@transaction.atomic
def review(*, access: EmergencyAccess, finding: str, note: str, actor: User) -> None:
    """Say whether it was right: yes once it is over and all that was opened is known, no at any time. Where it was wrong,
    access ends at once and the service manager is told."""
    if access.user_id == actor.pk:
        raise Refused("Someone else must review this: you opened the record.")
    if finding == Finding.WRONG and not note:
        raise Refused("Enter what was wrong.")
    if finding == Finding.RIGHT and access.ends_at > clock.now():
        raise Refused(f"They can open more until {when_text(access.ends_at)}. Say that it was right after that.")
    with acting_as_system("review of emergency access"):
        reviewed = EmergencyAccess.objects.filter(pk=access.pk, finding="").update(
            finding=finding, review_note=note, reviewed_by=actor, reviewed_at=clock.now()
        )
        if not reviewed:
            raise Refused("Someone else has reviewed this already.")
        timescales.meet(EMERGENCY_REVIEW, access, at=clock.now())
        notices.EmergencyOpened.settle(access.pk)
        if finding == Finding.WRONG:
            stop(access=access)
            family = Family.objects.get(pk=access.family_id)
            notices.EmergencyWrong.tell(set(service_managers()) - {access.user}, about=family, key=access.pk)


def opened(access: EmergencyAccess) -> list[Opened]:
    """What they opened while it lasted, from the read log, which keeps true time."""
    with acting_as_system("what was opened in an emergency"):
        log = ReadLog.objects.filter(user=access.user_id, family_id=access.family_id, refused=False)
        began = log.filter(what=TRY, row_id=access.pk).values_list("at", flat=True).first()
        if began is None:
            return []
        until = began + (access.ends_at - access.starts_at)
        rows = log.filter(at__gt=began, at__lte=until).order_by("at")[:MOST]
        return [Opened(registry[row.what].label if row.what in registry else row.what, row.at) for row in rows]
