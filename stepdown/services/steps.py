"""The steps of a step-down are recorded, left out for a reason, excepted, and taken back."""

from django.db import transaction

from earlyhelp.access.holding import hold
from earlyhelp.access.identity import acting_as_system
from earlyhelp.access.known import who_may_know
from earlyhelp.accounts.models import User
from earlyhelp.accounts.roles import locality_officers, service_managers
from earlyhelp.core import clock
from earlyhelp.core.errors import Refused, refuse
from earlyhelp.timescales import services as timescales
from families.services.running import lead_of
from plans.rules import start_of
from stepdown import notices
from stepdown.clocks import JOINT_VISIT
from stepdown.models import LevelChange, Step, StepDown
from stepdown.rules import CONDITIONS, MAY_BE_LEFT_OUT, NO_EXCEPTION, StepSaid, step_problems
from stepdown.services.gate import (
    PANEL,
    facts_of,
    family_of,
    in_force,
    in_words,
    look,
    panel_day,
    steps_of,
    visit_that_counts,
)


def locked(step_down: StepDown) -> StepDown:
    """The step-down as it is now, kept from others; refused when it is over."""
    if step_down.family_id:
        hold(step_down.family_id)
    found = (
        StepDown.objects.select_for_update(of=("self",))
        .select_related("episode", "request", "worker")
        .get(pk=step_down.pk)
    )
    if not found.is_open:
        raise Refused("This step-down is over: nothing of it is changed any more.")
    return found


def _add(step_down: StepDown, code: str, *, actor: User, **said: object) -> Step:
    if step_down.family_id is None:
        raise Refused("The family has to be found or opened first.")
    return Step.objects.create(
        family_id=step_down.family_id, step_down=step_down, code=code, by=actor, created_by=actor, **said
    )


@transaction.atomic
def record(*, step_down: StepDown, code: str, said: StepSaid, actor: User) -> Step:
    """Record that a step was done. A visit without both is kept, and the clock runs on (ROT-12)."""
    with acting_as_system("a step of a step-down"):
        step_down = locked(step_down)
        facts = facts_of(step_down)
        problems = list(step_problems(code, said, facts=facts, today=clock.today(), panel_on=panel_day(step_down)))
        if problems:
            raise Refused(*[type(one)(in_words(one.text), one.field) for one in problems])
        assert said.on
        same = in_force(step_down).filter(code=code, how=Step.How.DONE)
        if (same if code == "overseer" else same.filter(**vars(said))).exists():
            raise Refused("This is recorded already. Look at the step-down again.")
        waits = LevelChange.objects.filter(episode=step_down.episode, countersigned_at=None, overseer=actor)
        if code == "overseer" and waits.exists():
            raise Refused("Countersign first, under “Level of help”, what was decided before.")
        step = _add(step_down, code, actor=actor, **vars(said))
        settle_visit(step_down)
        look(step_down)
    return step


@transaction.atomic
def agree_at_panel(*, step_down: StepDown, side: str, said: StepSaid, actor: User) -> Step:
    """One side's agreement at the panel, by someone who works for it; once both agree, the days to the joint visit count from
    the panel (ROT-11, ROT-12)."""
    code = next(code for code, whose in PANEL.items() if whose == side)
    with acting_as_system("a step of a step-down"):
        step_down = locked(step_down)
        facts = facts_of(step_down)
        refuse(
            type(one)(in_words(one.text), one.field)
            for one in step_problems("panel", said, facts=facts, today=clock.today(), panel_on=None)
        )
        assert said.on
        if side in facts.panel:
            raise Refused("This side has agreed already.")
        day = panel_day(step_down)
        if day and day != said.on:
            raise Refused(f"The other side says that the panel was on {day:%-d %B %Y}. Check the day", field="on")
        if side == "social_care" and not said.words:
            raise Refused("Enter what the new lead does first: the panel agrees on it", field="words")
        step = _add(step_down, code, actor=actor, **vars(said))
        settle_visit(step_down)
        if not facts.panel:
            _ask_other_side(step_down, side, actor)
        look(step_down)
    return step


def settle_visit(step_down: StepDown) -> None:
    """The days to the joint visit, as panel and visits stand now: they count from the panel on which both sides agree, and are
    met by the first visit of both that counts."""
    if "visit" not in {rule.code for rule in steps_of(step_down)}:
        return
    rows, running = list(in_force(step_down)), timescales.of(JOINT_VISIT, step_down)
    days = {step.code: step.on for step in rows if step.code in PANEL}
    if len(days) < len(PANEL):
        running.delete()
        return
    anchor = start_of(max(days.values()))
    running.exclude(anchor_at=anchor).delete()
    if not running.exists():
        timescales.start(
            JOINT_VISIT,
            step_down,
            about=family_of(step_down),
            at=anchor,
            family_id=step_down.family_id,
            owner=step_down.worker,
            owner_agency=step_down.agency,
        )
    lead = lead_of(step_down.episode) if step_down.episode else None
    visit = visit_that_counts(step_down, rows, lead)
    met = running.values_list("met_at", flat=True).first()
    if met and (visit is None or met != start_of(visit.on)):
        timescales.undo_meeting(JOINT_VISIT, step_down, at=met)
    if visit:
        timescales.meet(JOINT_VISIT, step_down, at=start_of(visit.on))


def _ask_other_side(step_down: StepDown, side: str, actor: User) -> None:
    if side != "social_care" or step_down.family_id is None:
        return
    family = family_of(step_down)
    lead = lead_of(step_down.episode) if step_down.episode else None
    officers = who_may_know(family.pk, locality_officers(family.locality)) or who_may_know(
        family.pk, service_managers()
    )
    told = {*officers, *([lead.user] if lead else [])} - {actor}
    notices.PanelWaits.tell(told, about=family, key=step_down.pk, url=step_down.get_absolute_url())


@transaction.atomic
def choose_route(*, step_down: StepDown, route: str, actor: User) -> None:
    """By which way the family comes (DEV-13, DEV-14). Route B needs a child in need meeting that was held, with a clear plan."""
    with acting_as_system("a step of a step-down"):
        step_down = locked(step_down)
        facts = facts_of(step_down)
        if route == StepDown.Route.B and not facts.cin_clear:
            so_far = (
                "The child in need meeting that is recorded doesn’t say that the plan to step down is clear."
                if facts.cin_held
                else "No child in need meeting is recorded: a meeting of another kind doesn’t count."
            )
            raise Refused(
                f"Route B needs a child in need meeting with a clear plan to step down. {so_far} Record one that was held,"
                " or choose route A and arrange a team around the family meeting",
                field="route",
            )
        step_down.route = route
        step_down.save(update_fields=["route"])
        look(step_down)


@transaction.atomic
def leave_out(*, step_down: StepDown, code: str, reason: str, actor: User) -> Step:
    """Go without a step that may be left out, for a reason that stays visible."""
    if code not in MAY_BE_LEFT_OUT:
        raise Refused("This step can’t be left out.")
    with acting_as_system("a step of a step-down"):
        step_down = locked(step_down)
        step = _add(step_down, code, actor=actor, how=Step.How.WITHOUT, on=clock.today(), words=reason)
        look(step_down)
    return step


@transaction.atomic
def allow_exception(*, step_down: StepDown, code: str, reason: str, actor: User) -> Step:
    """The service manager lets the case close without a step, for a reason that is shown for ever; never without the three
    (DEV-20)."""
    if code in NO_EXCEPTION or code not in CONDITIONS:
        raise Refused("There is no exception from this: no case closes to social care without it.")
    with acting_as_system("a step of a step-down"):
        step_down = locked(step_down)
        if in_force(step_down).filter(code=code, how=Step.How.EXCEPTION).exists():
            raise Refused("There is an exception from this already.")
        step = _add(step_down, code, actor=actor, how=Step.How.EXCEPTION, on=clock.today(), words=reason)
        look(step_down)
    return step


@transaction.atomic
def take_back(*, step: Step, reason: str, actor: User) -> None:
    """What was recorded by mistake counts no more; it stays, with why."""
    with acting_as_system("a step of a step-down"):
        step_down = locked(step.step_down)
        rows = Step.objects.filter(pk=step.pk, undone_at=None)
        if not rows.update(undone_at=clock.now(), undone_by=actor, undone_reason=reason):
            raise Refused("This was taken back already.")
        settle_visit(step_down)
        look(step_down)
