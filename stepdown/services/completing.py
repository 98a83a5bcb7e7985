"""A step-down ends: complete, and the case closes to social care; stopped, and it stays there; or it passes to a colleague."""

from django.db import connection, transaction

from consent.models import Tier
from consent.services.ledger import tier_of
from earlyhelp.access.identity import acting_as_system
from earlyhelp.accounts.models import Role, User, WorksFor
from earlyhelp.core import clock
from earlyhelp.core.errors import Refused
from earlyhelp.notifications.registry import Notice
from earlyhelp.timescales import services as timescales
from families.models import Episode, Family, Request, RequestWords
from families.services import episodes, requests
from families.services.running import lead_of
from plans.services import people_around, pick_up
from stepdown import notices
from stepdown.clocks import JOINT_VISIT
from stepdown.models import Step, StepDown
from stepdown.rules import CONDITIONS
from stepdown.services import level
from stepdown.services.gate import facts_of, family_of, gate, steps_of
from stepdown.services.steps import locked


@transaction.atomic
def complete(*, step_down: StepDown, family_told: str, actor: User, without: str = "") -> None:
    """The case may close to social care, and does: the worker's sight ends, and everyone hears; how the family did, is said.
    Refused with all that is missing; nobody goes past it (DEV-20). `without`: why steps that don't keep it open are not done."""
    with acting_as_system("complete a step-down"):
        step_down = locked(step_down)
        if gaps := gate(step_down):
            raise Refused(*map(str, gaps))
        assert step_down.episode
        lead = lead_of(step_down.episode)
        assert lead
        now = clock.now()
        step_down.completed_at, step_down.completed_by, step_down.lead_then = now, actor, f"{lead.user}, {lead.agency}"
        step_down.missing, step_down.open_since = [], step_down.open_since or now
        if without:
            _leave_out_rest(step_down, without, actor)
        around = people_around(step_down.episode)
        step_down.told_then = sorted(f"{user}, {agency}" for user, agency in around.items() if user != actor)
        step_down.family_told = family_told
        step_down.save()
        _over(step_down)
        pick_up(episode=step_down.episode)
        if step_down.within:
            why = RequestWords.objects.get(request=step_down.request_id).what_for
            level.goes_down(step_down, reason=why, actor=actor)
        family = family_of(step_down)
    if step_down.within:
        notices.LevelChanged.tell({*around, step_down.worker} - {actor}, about=family, key=f"down:{step_down.pk}")
        return
    notices.HandedOver.tell({*around} - {actor, step_down.worker}, about=family, key=step_down.pk)
    _tell_worker(notices.HandedOver, step_down, actor)


def _leave_out_rest(step_down: StepDown, reason: str, actor: User) -> None:
    facts, family = facts_of(step_down), family_of(step_down)
    Step.objects.bulk_create(
        Step(
            family=family,
            step_down=step_down,
            code=rule.code,
            how=Step.How.WITHOUT,
            on=clock.today(),
            words=reason,
            by=actor,
            created_by=actor,
        )
        for rule in steps_of(step_down)
        if not rule.gate and CONDITIONS[rule.code].lacks(facts) and rule.code != "panel"
    )


def _tell_worker(notice: type[Notice], step_down: StepDown, actor: User | None) -> None:
    """The social worker hears of their step-down: of the family's record nothing, which may be closed to them."""
    to = {step_down.worker} - {actor}
    notice.tell(to, about=step_down.request, key=f"worker:{step_down.pk}", url=step_down.get_absolute_url())


def _over(step_down: StepDown) -> None:
    Episode.objects.filter(pk=step_down.episode_id or 0).update(steps_down=False)
    timescales.of(JOINT_VISIT, step_down).filter(met_at=None).update(
        stopped_at=clock.now(), stopped_because="the step-down is over", look_at=None
    )


@transaction.atomic
def stop(*, step_down: StepDown, reason: str, actor: User) -> None:
    """The case stays with social care. Early help that began with the step-down, and that nobody leads yet, ends with it."""
    with acting_as_system("stop a step-down"):
        step_down = locked(step_down)
        _stop(step_down, reason, actor)
        episode = step_down.episode
        if episode and episode.from_social_care and episode.ended_at is None and lead_of(episode) is None:
            episodes.end(episode=episode, reason=Episode.End.OTHER, note=reason, actor=actor)
        if episode is None:
            return
        family, told = Family.objects.get(pk=episode.family_id), {*people_around(episode)} - {actor, step_down.worker}
    notices.Stopped.tell(told, about=family, key=step_down.pk)
    _tell_worker(notices.Stopped, step_down, actor)


def _stop(step_down: StepDown, reason: str, actor: User | None) -> None:
    step_down.stopped_at, step_down.stopped_by, step_down.stopped_reason = clock.now(), actor, reason
    step_down.save(update_fields=["stopped_at", "stopped_by", "stopped_reason"])
    notices.IsItYours.settle(step_down.pk)
    requests.take_back(step_down.request, actor=actor)
    if step_down.episode_id:
        _over(step_down)


def settle_at_end(episode: Episode) -> None:
    """What hasn't been handed over when early help ends stays with social care."""
    rows = StepDown.objects.filter(episode=episode, completed_at=None, stopped_at=None)
    for step_down in rows.select_related("worker", "request"):
        _stop(step_down, "Early help ended before the step-down was complete.", None)
        _tell_worker(notices.Stopped, step_down, None)


def answered(request: Request) -> None:
    """The early help team of the area answered in another way than by finding the family: the case stays with social care."""
    step_down = StepDown.objects.select_related("worker", "opened_by", "request").get(request=request)
    if step_down.is_open:
        _stop(step_down, f"The early help team answered: {request.outcome_words}. {request.outcome_reason}", None)


requests.ANSWERED.append(answered)


episodes.SETTLED_AT_END.append(settle_at_end)


def colleagues(step_down: StepDown) -> list[User]:
    """The social workers of the agency who can go on with it."""
    works = WorksFor.objects.filter(agency=step_down.agency_id, role=Role.SOCIAL_WORKER)
    users = User.objects.filter(pk__in=works.values("user")).exclude(pk=step_down.worker_id).order_by("name")
    with acting_as_system("a step-down passes to a colleague"):
        return list(users.exclude(pk__in=_kept_out(step_down)))


def _kept_out(step_down: StepDown) -> set[int]:
    """Whom the family is kept from, whatever their work."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT user_id FROM access_barred WHERE family_id = %s", [step_down.family_id])
        return {user for (user,) in cursor.fetchall()}


@transaction.atomic
def give(*, step_down: StepDown, to: User, actor: User) -> None:
    """A social worker of the same agency goes on with it; who did so far sees it no more."""
    if not WorksFor.objects.filter(user=to, agency=step_down.agency_id, role=Role.SOCIAL_WORKER).exists():
        raise Refused(f"{to} is no social worker of {step_down.agency}. Choose someone else.", field="to")
    with acting_as_system("a step-down passes to a colleague"):
        step_down = locked(step_down)
        if to.pk in _kept_out(step_down):
            raise Refused(f"{to} can’t take this. Choose someone else.", field="to")
        before = step_down.worker
        step_down.worker = to
        step_down.save(update_fields=["worker"])
        step_down.request.asked_by = to
        step_down.request.save(update_fields=["asked_by"])
        Episode.objects.filter(pk=step_down.episode_id or 0, first_contact_by=before, from_social_care=True).update(
            first_contact_by=to
        )
        timescales.give(JOINT_VISIT, step_down, owner=to, owner_agency=step_down.agency)
        notices.IsItYours.settle(step_down.pk)
    told = notices.GivenOn if step_down.confirmed_at else notices.IsItYours
    told.tell({to} - {actor}, about=step_down.request, key=f"{step_down.pk}:{to.pk}", url=step_down.get_absolute_url())


@transaction.atomic
def share(*, step_down: StepDown, actor: User) -> None:
    """The family of a support that is open was asked again, and lets social care read its record as far as they share."""
    with acting_as_system("let social care read a record"):
        step_down = locked(step_down)
        if tier_of(family_of(step_down), step_down.agency) != Tier.ADDITIONAL:
            raise Refused(
                f"Record first, under “Sharing”, that they share additional information with {step_down.agency}."
            )
        step_down.shared_at, step_down.shared_by = clock.now(), actor
        step_down.save(update_fields=["shared_at", "shared_by"])


@transaction.atomic
def share_no_more(*, step_down: StepDown, actor: User) -> None:
    """The record closes to social care again; what the step-down itself brought stays theirs."""
    with acting_as_system("let social care read a record"):
        step_down = locked(step_down)
        step_down.shared_at, step_down.shared_by = None, None
        step_down.save(update_fields=["shared_at", "shared_by"])
