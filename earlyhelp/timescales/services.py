"""Clocks are started, met, stopped and extended here, and nowhere else."""

from datetime import date, datetime, timedelta
from typing import Any, Protocol

from django.db import transaction
from django.db.models import Model, QuerySet
from django.db.models.functions import Coalesce

from earlyhelp.access.holding import hold
from earlyhelp.access.known import who_may_know
from earlyhelp.accounts.models import Agency, Closure, Locality, Role, User
from earlyhelp.accounts.roles import has_role, managers_of, memberships, service_managers
from earlyhelp.core import clock
from earlyhelp.core.dates import due, end_of
from earlyhelp.core.errors import Refused
from earlyhelp.core.prepared import Prepared
from earlyhelp.notifications.registry import settle_all
from earlyhelp.procedures.schema import Rule
from earlyhelp.procedures.services import version_in_force
from earlyhelp.timescales import notices
from earlyhelp.timescales.clocks import Clock, registry
from earlyhelp.timescales.models import Extension, Timescale


class Timed(Protocol):
    """What a clock is about: a family, or a request before there is one."""

    reference: str
    locality: Locality


def start(
    kind: Clock,
    row: Model,
    *,
    about: Timed,
    at: datetime,
    family_id: int | None = None,
    number: int = 1,
    owner: User | None = None,
    owner_agency: Agency | None = None,
    not_by: User | None = None,
    anchor: str = "",
) -> Timescale:
    """Start the clock of a row `at` a moment, by the local procedure; one that runs already stays as it is."""
    rule = kind.rule
    due_at = due(at, rule.amount, rule.unit, closures_for(rule))
    timescale = Timescale(
        key=kind.key(row, number),
        kind=kind.kind,
        overseen=kind.overseen,
        anchor=anchor or (kind.again if number > 1 else kind.starts),
        anchor_at=at,
        amount=rule.amount,
        unit=rule.unit,
        procedure_id=version_in_force(),
        first_due_at=due_at,
        due_at=due_at,
        reference=about.reference,
        locality=about.locality,
        link=kind.link(about, row),
        family_id=family_id,
        owner=owner,
        owner_agency=owner_agency,
        not_by=not_by,
    )
    timescale.look_at = timescale.remind_at
    Timescale.objects.bulk_create([timescale], ignore_conflicts=True)
    return timescale


def closures_for(rule: Rule) -> frozenset[date]:
    """The days that don't count for a rule, besides weekends and bank holidays."""
    return frozenset(Closure.objects.values_list("day", flat=True)) if rule.unit == "working_days" else frozenset()


def of(kind: Clock, row: Model, *, number: int = 1) -> QuerySet[Timescale]:
    """The clock of a row, or nothing."""
    return Timescale.objects.filter(key=kind.key(row, number)).select_related("owner")


def clock_of(kind: Clock, row: Model, *, number: int = 1) -> Timescale | None:
    """The clock of a row as it is now, to show it."""
    return BY_KEY.first(kind.key(row, number))


BY_KEY = Prepared(lambda key: Timescale.objects.filter(key=key).select_related("owner")[:1])


def assign(kind: Clock, row: Model, *, family: Timed, family_id: int, owner: User, owner_agency: Agency) -> None:
    """Give the clock of a row, now about a family, to whoever is to meet it."""
    of(kind, row).update(
        family_id=family_id,
        reference=family.reference,
        link=kind.link(family, row),
        owner=owner,
        owner_agency=owner_agency,
    )


def give(kind: Clock, row: Model, *, owner: User, owner_agency: Agency) -> None:
    """Give the clock of a row to someone, without a word to those who know the family that it is about."""
    of(kind, row).update(owner=owner, owner_agency=owner_agency)


def _running(family_id: int) -> QuerySet[Timescale]:
    """The running clocks of a family's support."""
    return Timescale.objects.filter(family_id=family_id, overseen=False, met_at=None, stopped_at=None)


def hand_over(*, family_id: int, owner: User, owner_agency: Agency) -> None:
    """Give all running clocks of a family's support to its new lead."""
    stay = [kind.kind for kind in registry.values() if kind.keeps_its_owner]
    _running(family_id).exclude(kind__in=stay).update(owner=owner, owner_agency=owner_agency)


def move(*, family_id: int, locality: Locality) -> None:
    """A family belongs to another area, and so do its clocks."""
    Timescale.objects.filter(family_id=family_id).update(locality=locality)


def meet(kind: Clock, row: Model, *, at: datetime, number: int = 1) -> None:
    """Record that what a clock waits for happened at `at`. The first time counts."""
    running = of(kind, row, number=number).filter(met_at=None, stopped_at=None)
    _settle(running)
    running.update(met_at=at, look_at=None)


def _settle(rows: QuerySet[Timescale]) -> None:
    """Nobody has to hear any more that these are due."""
    settle_all(notices.OF_A_DEADLINE, rows.values_list("pk", flat=True))


def undo_meeting(kind: Clock, row: Model, *, at: datetime) -> None:
    """What met a clock at `at` turned out not to have happened: it runs on, and keeps its due date."""
    for timescale in of(kind, row).filter(met_at=at):
        timescale.met_at, timescale.look_at = None, timescale.remind_at
        timescale.save(update_fields=["met_at", "look_at"])


def stop(*, family_id: int, because: str) -> None:
    """Stop all running clocks of a family's support, saying why."""
    running = _running(family_id)
    _settle(running)
    running.update(stopped_at=clock.now(), stopped_because=because, look_at=None)


def rest(kind: Clock, row: Model, *, because: str, number: int = 1) -> None:
    """Stop the clock of a row for a reason that will go: `resume` lets it run on. One that rests already goes on resting, for
    this reason."""
    left = of(kind, row, number=number).filter(met_at=None)
    _settle(left.filter(stopped_at=None))
    left.update(stopped_at=Coalesce("stopped_at", clock.now()), stopped_because=because, look_at=None)


def stop_for_good(*, family_id: int, because: str) -> None:
    """Stop all clocks of a family's support, those that only rest too: nothing resumes them. Who waits for more time is told
    that it isn't needed any more."""
    waiting = Extension.objects.filter(family_id=family_id, status=Extension.Status.ASKED)
    withdrawn = list(waiting.select_related("timescale", "asked_by"))
    waiting.update(status=Extension.Status.WITHDRAWN)
    notices.ExtensionAsked.settle(*(one.pk for one in withdrawn))
    for one in withdrawn:
        notices.ExtensionWithdrawn.tell([one.asked_by], about=one.timescale, key=one.pk)
    stop(family_id=family_id, because=because)
    resting = Timescale.objects.filter(family_id=family_id, overseen=False, met_at=None)
    resting.update(stopped_because=because)


def resume(*, family_id: int, because: str) -> None:
    """Let the clocks run on that were stopped for a reason that has gone; they keep their due dates."""
    for timescale in Timescale.objects.filter(family_id=family_id, met_at=None, stopped_because=because):
        timescale.stopped_at, timescale.stopped_because = None, ""
        timescale.look_at = timescale.remind_at
        timescale.save(update_fields=["stopped_at", "stopped_because", "look_at"])


def why_no_more_time(timescale: Timescale) -> str:
    """Why nobody can ask for more time now, or ""."""
    if not timescale.is_open:
        return "This deadline was met or has stopped: there is nothing to extend."
    if not registry[timescale.kind].rule.extendable:
        return "Nobody can give more time for this deadline."
    if timescale.extensions.filter(status=Extension.Status.ASKED).exists():
        return "More time was asked for already. Wait for the manager’s answer."
    return ""


def longest(timescale: Timescale) -> datetime:
    """The last second until which a manager may give time: so many days after the first due date (local procedure)."""
    days = registry[timescale.kind].rule.extended_by_days
    return end_of(clock.in_london(timescale.first_due_at).date() + timedelta(days=days))


@transaction.atomic
def ask_extension(*, timescale: Timescale, reason: str, due_at: datetime, actor: User) -> Extension:
    """Ask a manager for more time."""
    if refusal := why_no_more_time(timescale):
        raise Refused(refusal)
    if due_at <= timescale.due_at:
        raise Refused("Enter a date later than the one it is due by now", field="due_on")
    if due_at > (latest := longest(timescale)):
        raise Refused(f"The new date must be on or before {clock.in_london(latest):%-d %B %Y}", field="due_on")
    assert timescale.family_id is not None
    extension = Extension.objects.create(
        family_id=timescale.family_id,
        timescale=timescale,
        asked_by=actor,
        asked_at=clock.now(),
        created_by=actor,
        reason=reason,
        due_before=timescale.due_at,
        due_asked=due_at,
    )
    notices.ExtensionAsked.tell(deciders(extension), about=timescale, key=extension.pk)
    return extension


def deciders(extension: Extension) -> list[User]:
    """The managers of the owner's agency who may see the family, less who asked and who owns; where nobody is left, the
    service managers."""
    agency = extension.timescale.owner_agency
    managers = set(managers_of(agency)) if agency else set()
    others = managers - {extension.asked_by, extension.timescale.owner}
    return who_may_know(extension.family_id, others) or who_may_know(extension.family_id, service_managers())


def of_others(user: Any) -> QuerySet[Extension]:
    """What somebody else asked for, of somebody else's clock."""
    return Extension.objects.exclude(asked_by=user).exclude(timescale__owner=user)


def decidable(user: User) -> QuerySet[Extension]:
    """What `user` may decide on: for a manager, what their agency owns; for a service manager, all; never their own."""
    others = of_others(user)
    if has_role(user, Role.SERVICE_MANAGER):
        return others
    manages = [m.agency_id for m in memberships(user) if m.role == Role.MANAGER]
    return others.filter(timescale__owner_agency__in=manages)


def why_no_decision(extension: Extension) -> str:
    """Why nobody can decide on an extension any more, or now, or ""."""
    if extension.status == Extension.Status.WITHDRAWN:
        return "More time isn’t needed any more: early help has ended."
    if extension.status != Extension.Status.ASKED:
        return "This was decided already."
    if extension.timescale.stopped_at:
        return f"This deadline has stopped ({extension.timescale.stopped_because}): there is nothing to decide."
    return ""


def may_decide(*, extension: Extension, user: User) -> str:
    """Why `user` can't decide on an extension, or "": a manager of the owner's agency, or where it has none the service
    manager, and neither who asked nor who owns the clock."""
    if user.pk in (extension.asked_by_id, extension.timescale.owner_id):
        return "Someone else must decide: you asked for this time, or the deadline is yours."
    if decidable(user).filter(pk=extension.pk).exists():
        return ""
    return "Only a manager of the agency whose deadline this is can decide. Ask them."


@transaction.atomic
def decide_extension(*, extension: Extension, approve: bool, reason: str, actor: User) -> None:
    """Approve or decline; the first due date stays beside the new one. What was met already stays as late as it was, and
    says that it was agreed afterwards."""
    if refusal := may_decide(extension=extension, user=actor):
        raise Refused(refusal)
    if not approve and not reason:
        raise Refused("Enter the reason for declining.")
    hold(extension.family_id)
    extension = (
        Extension.objects.select_for_update(of=("self", "timescale")).select_related("timescale").get(pk=extension.pk)
    )
    if closed := why_no_decision(extension):
        raise Refused(closed)
    extension.status = Extension.Status.APPROVED if approve else Extension.Status.DECLINED
    extension.decided_by, extension.decided_at, extension.decision_reason = actor, clock.now(), reason
    extension.save(update_fields=["status", "decided_by", "decided_at", "decision_reason"])
    timescale = extension.timescale
    if approve and timescale.met_at:
        timescale.agreed_after_by = actor
        timescale.save(update_fields=["agreed_after_by"])
    elif approve:
        timescale.due_at = extension.due_asked
        timescale.look_at = timescale.remind_at if timescale.is_open else None
        timescale.save(update_fields=["due_at", "look_at"])
    notices.ExtensionAsked.settle(extension.pk)
    notices.ExtensionDecided.tell([extension.asked_by], about=extension.timescale, key=extension.pk)
