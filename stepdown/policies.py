"""What may be done with a step-down, and why not. Each rule is asked about the step-down."""

from dataclasses import dataclass

from earlyhelp.access.actions import Asker, action
from earlyhelp.access.case import Case
from earlyhelp.access.levels import Level
from earlyhelp.access.reasons import LEADS
from earlyhelp.accounts.models import Role
from earlyhelp.accounts.roles import has_role, localities_of, memberships
from families.case import episode
from families.models import Family
from families.models.episodes import HelpLevel
from families.policies import episode_open
from stepdown.models import LevelChange, Step, StepDown, StepUp
from stepdown.rules import CONDITIONS
from stepdown.rules import SOCIAL as SOCIAL_WORKER
from stepdown.services import level
from stepdown.services.gate import PANEL, began_with
from stepdown.services.opening import workers_for

SOCIAL = (Role.SOCIAL_WORKER, Role.MANAGER)
TAKEN_BACK = "This step-up was taken back."
OVER = "This step-down is over: nothing of it is changed any more."


def _opens(asker: Asker, thing: object) -> str:
    if workers_for(asker.user):
        return ""
    return "Social workers step families down, or whoever supports one of them. Ask for support instead."


def _lists(asker: Asker, thing: object) -> str:
    roles = (
        Role.SOCIAL_WORKER,
        Role.BUSINESS_SUPPORT,
        Role.MANAGER,
        Role.LOCALITY_OFFICER,
        Role.SERVICE_MANAGER,
        Role.PRACTITIONER,
    )
    return "" if has_role(asker.user, *roles) else "Your role works with no families."


@dataclass(frozen=True)
class OneStep:
    """One of the steps of a step-down."""

    step_down: StepDown
    code: str


def is_worker(asker: Asker, step_down: StepDown) -> bool:
    works = (m.role in SOCIAL and m.agency_id == step_down.agency_id for m in memberships(asker.user))
    if step_down.within and asker.level < Level.CONTRIBUTE:
        return False  # oversees in the record, or not at all
    return step_down.worker_id == asker.user.pk and any(works)


def manages(asker: Asker, step_down: StepDown) -> bool:
    """Whether someone manages the social worker. In one record nothing changes hands that would be theirs to decide."""
    return not step_down.within and any(
        m.role == Role.MANAGER and m.agency_id == step_down.agency_id for m in memberships(asker.user)
    )


def is_closed(asker: Asker, step_down: StepDown) -> bool:
    """Whether what early help recorded is closed to whoever asks: they work for social care, and don't read the record. Of one
    that began with the step-down, the worker and their manager know what is missing all the same."""
    theirs = any(m.agency_id == step_down.agency_id for m in memberships(asker.user))
    if step_down.family_id is None or not theirs or asker.level >= Level.VIEW:
        return False
    knows = is_worker(asker, step_down) or manages(asker, step_down)
    return not (knows and began_with([step_down]))


def _open(step_down: StepDown) -> str:
    if not step_down.is_open:
        return OVER
    return "" if step_down.confirmed_at else "It waits until its social worker says that it is theirs."


def _confirms(asker: Asker, step_down: StepDown) -> str:
    if not is_worker(asker, step_down):
        return "Only the social worker for whom it was opened can say that it is theirs."
    return "This was answered already." if step_down.confirmed_at or not step_down.is_open else ""


def _steps(asker: Asker, one: OneStep) -> str:
    if refusal := _open(one.step_down):
        return refusal
    if is_worker(asker, one.step_down):
        return ""
    if one.code == "overseer":
        return f"Only {one.step_down.worker}, who oversees, agrees to this."
    if one.code in CONDITIONS and CONDITIONS[one.code].who == SOCIAL_WORKER:
        return "Only the social worker records this step."
    if asker.level >= Level.LEAD or LEADS in asker.reasons:
        return ""
    return "The social worker records the steps, or whoever leads for the family."


def _takes_back(asker: Asker, step: Step) -> str:
    if step.undone_at:
        return "This was taken back already."
    if step.how == Step.How.EXCEPTION:
        return "" if has_role(asker.user, Role.SERVICE_MANAGER) else "Only the service manager takes an exception back."
    if step.code in PANEL:
        same = side_of(asker, step.step_down) == PANEL[step.code]
        return "" if same else "Only the side that agreed takes that back."
    if step.by_id == asker.user.pk:
        return ""
    return _steps(asker, OneStep(step.step_down, step.code))


def works_for_early_help(asker: Asker, step_down: StepDown) -> bool:
    """Whether someone can say yes for early help: the area's early help team, or whoever leads; never for social care too."""
    at_their_agency = [m for m in memberships(asker.user) if m.agency_id == step_down.agency_id]
    if any(m.role in SOCIAL for m in at_their_agency):
        return False
    area = Family.objects.filter(pk=step_down.family_id or 0).values_list("locality", flat=True).first()
    areas = {one.pk for one in localities_of(asker.user)}
    return (area or step_down.locality_id) in areas or (LEADS in asker.reasons and not at_their_agency)


def side_of(asker: Asker, step_down: StepDown) -> str:
    """For which side someone can agree at the panel: "social_care", "early_help", or neither."""
    if is_worker(asker, step_down) or manages(asker, step_down):
        return "social_care"
    return "early_help" if works_for_early_help(asker, step_down) else ""


def _agrees(asker: Asker, step_down: StepDown) -> str:
    if refusal := _open(step_down):
        return refusal
    if side_of(asker, step_down):
        return ""
    return (
        "The panel’s two sides are the social worker or their manager, and the area’s early help team or whoever leads."
    )


def _excepts(asker: Asker, step_down: StepDown) -> str:
    if refusal := _open(step_down):
        return refusal
    return (
        ""
        if has_role(asker.user, Role.SERVICE_MANAGER)
        else "Only the early help service manager can make an exception."
    )


def _ends(asker: Asker, step_down: StepDown) -> str:
    if not step_down.is_open:
        return OVER
    if is_worker(asker, step_down) or manages(asker, step_down) or has_role(asker.user, Role.SERVICE_MANAGER):
        return ""
    if step_down.within:
        return "" if LEADS in asker.reasons else "Only whoever leads or oversees can stop it."
    return "Only the social worker, their manager or the early help service manager can stop it."


def _completes(asker: Asker, step_down: StepDown) -> str:
    if refusal := _open(step_down):
        return refusal
    if is_worker(asker, step_down) or manages(asker, step_down):
        return ""
    if step_down.within:
        leads = LEADS in asker.reasons
        return "" if leads else "Only whoever leads or oversees can complete it."
    return "Only the social worker or their manager can complete it."


def _gives(asker: Asker, step_down: StepDown) -> str:
    if not step_down.is_open:
        return OVER
    if step_down.within:
        return "It is for whoever oversees. Name someone else under “Level of help”."
    if is_worker(asker, step_down) or manages(asker, step_down) or has_role(asker.user, Role.SERVICE_MANAGER):
        return ""
    return "Only the social worker or a manager can give it to someone else."


def _shares(asker: Asker, step_down: StepDown) -> str:
    if refusal := _open(step_down):
        return refusal
    if step_down.within:
        return "Social care and early help work in one record here."
    if step_down.episode is None or step_down.episode.from_social_care:
        return "This record began with the step-down: there is nothing earlier to open."
    return "" if asker.level >= Level.LEAD else "Only whoever leads for the family, or their manager, can do this."


def _unsent(asker: Asker, row: StepUp) -> str:
    return TAKEN_BACK if row.withdrawn_at else "It was sent already." if row.sent_at else ""


def _unanswered(asker: Asker, row: StepUp) -> str:
    """The first answer is for everyone who adds to the record; to put it right, for who recorded it, and whoever leads."""
    if row.withdrawn_at:
        return TAKEN_BACK
    if not row.outcome or asker.level >= Level.LEAD or row.recorded_by_id == asker.user.pk:
        return ""
    return f"The answer is recorded already. {row.recorded_by} or the lead can put it right."


def _takes_back_step_up(asker: Asker, row: StepUp) -> str:
    if row.withdrawn_at:
        return TAKEN_BACK
    may = asker.level >= Level.LEAD or row.made_by_id == asker.user.pk
    return "" if may else f"Only {row.made_by} or the lead takes this back."


def _raises(asker: Asker, case: Case) -> str:
    if not level.given_here():
        return "Social care keeps these families in a system of its own: step the family up to it."
    current = episode(case)
    if refusal := episode_open(asker, case):
        return refusal
    if current and current.help_level == HelpLevel.CHILD_IN_NEED:
        return "Help is given at this level already. It goes down by a step-down."
    return ""


def _in_need(asker: Asker, case: Case) -> str:
    current = episode(case)
    if refusal := episode_open(asker, case):
        return refusal
    in_need = current and current.help_level == HelpLevel.CHILD_IN_NEED
    return "" if in_need else "The family has early help: nobody has to oversee it."


def _within(asker: Asker, case: Case) -> str:
    current = episode(case)
    if refusal := _in_need(asker, case):
        return refusal
    if current and current.steps_down:
        return "A step-down of this family is under way. Go on with that one."
    if LEADS in asker.reasons or asker.level >= Level.LEAD or (current and current.overseer_id == asker.user.pk):
        return ""
    return "Whoever leads or oversees opens the step-down."


def _countersigns(asker: Asker, change: LevelChange) -> str:
    if change.countersigned_at:
        return "This is countersigned already."
    if change.overseer_id != asker.user.pk:
        return f"Only {change.overseer}, who oversees, countersigns this."
    now = level.overseer_now(change.episode)
    return "" if now == asker.user else "You don’t oversee this family’s help any more: whoever does countersigns."


SEE_LEVEL = action("level.see", "See the level of help", Level.VIEW)
RAISE_LEVEL = action("level.raise", "Change the level of help", Level.LEAD, _raises)
CHANGE_OVERSEER = action("level.overseer", "Name who oversees", Level.LEAD, _in_need)
COUNTERSIGN = action("level.countersign", "Countersign a change of the level of help", Level.CONTRIBUTE, _countersigns)
STEP_DOWN_WITHIN = action("level.step_down", "Open a step-down to early help", Level.CONTRIBUTE, _within)
STEP_UP = action("stepup.make", "Step up to social care", Level.CONTRIBUTE)
SEE_STEP_UPS = action("stepup.see", "See step-ups to social care", Level.VIEW)
PRINT_STEP_UP = action("stepup.print", "Print a step-up for social care", Level.CONTRIBUTE)
SENT_STEP_UP = action("stepup.sent", "Say that the written part was sent", Level.CONTRIBUTE, _unsent)
TAKE_BACK_STEP_UP = action("stepup.take_back", "Take a step-up back", Level.CONTRIBUTE, _takes_back_step_up)
ANSWER_STEP_UP = action("stepup.answer", "Record social care’s answer", Level.CONTRIBUTE, _unanswered)


def _counts(asker: Asker, thing: object) -> str:
    roles = (Role.MANAGER, Role.LOCALITY_OFFICER, Role.SERVICE_MANAGER)
    return "" if has_role(asker.user, *roles) else "Managers and the early help team see these numbers."


def _places(asker: Asker, step_down: StepDown) -> str:
    if asker.level >= Level.LEAD or LEADS in asker.reasons or is_worker(asker, step_down):
        return ""
    return "The social worker brings the analysis over, or whoever leads."


def _brings(asker: Asker, step_down: StepDown) -> str:
    return _open(step_down) or _places(asker, step_down)


TAKE_OUT = action("stepdown.take_out_analysis", "Take an analysis out of the wrong family", Level.CONTRIBUTE, _places)
BRING = action("stepdown.bring_analysis", "Bring social care’s analysis over", Level.CONTRIBUTE, _brings)
PLACE = action("stepdown.place_analysis", "Put social care’s analysis into the assessment", Level.CONTRIBUTE, _places)
COUNTS = action("stepdown.counts", "See step-downs in numbers", rule=_counts)
LIST = action("stepdown.list", "See step-downs", rule=_lists)
OPEN = action("stepdown.open", "Open a step-down", rule=_opens)
SEE = action("stepdown.see", "See a step-down")
PRINT_PACK = action("stepdown.print_pack", "Print the handover pack", Level.VIEW)
PRINT_HANDOVER_LETTER = action(
    "stepdown.print_letter", "Print the family’s letter about the handover", Level.CONTRIBUTE
)
SEE_OF_FAMILY = action("stepdown.see_of_family", "See the family’s step-down", Level.VIEW)
CONFIRM = action("stepdown.confirm", "Say that a step-down is yours", rule=_confirms)
STEP = action("stepdown.step", "Record a step of a step-down", rule=_steps)
AGREE = action("stepdown.panel", "Agree at the panel", rule=_agrees)
TAKE_BACK = action("stepdown.take_back", "Take a step back", rule=_takes_back)
EXCEPT = action("stepdown.except", "Make an exception", rule=_excepts)
COMPLETE = action("stepdown.complete", "Complete a step-down", rule=_completes)
STOP = action("stepdown.stop", "Stop a step-down", rule=_ends)
SHARE = action("stepdown.share", "Let social care read the record", rule=_shares)
GIVE = action("stepdown.give", "Give a step-down to a colleague", rule=_gives)
