"""What may be done with a family's plan, and why not. Each rule is asked about the family."""

from earlyhelp.access.actions import Asker, action
from earlyhelp.access.case import Case, fact
from earlyhelp.access.levels import Level
from earlyhelp.core.prepared import Prepared
from earlyhelp.procedures.services import procedure_in_force
from families.case import episode, lead
from families.policies import episode_open
from plans.models import Meeting, Plan

PLAN = Prepared(lambda episode: Plan.objects.filter(episode=episode)[:1])


@fact
def plan_of(case: Case) -> Plan | None:
    """The plan of the open episode, else of the latest that ended."""
    current = episode(case)
    plan = PLAN.first(current) if current else None
    if plan and current:
        plan.episode = current
    return plan


def _draft(asker: Asker, case: Case) -> str:
    if ended := episode_open(asker, case):
        return ended
    plan = plan_of(case)
    if plan is None:
        return "There is no plan yet. Anyone on the team can add its first outcome."
    return "" if plan.status == Plan.Status.DRAFT else "This plan is agreed already. A review decides what changes."


def _reviewable(asker: Asker, case: Case) -> str:
    if ended := episode_open(asker, case):
        return ended
    plan = plan_of(case)
    if plan is None or plan.status != Plan.Status.AGREED:
        return "There is no agreed plan to review. Agree the plan with the family first."
    if plan.paused_on:
        return "The plan rests while social care leads. Pick it up again first."
    leads = lead(case)
    if (leads and leads.user_id == asker.user.pk) or asker.level >= Level.MANAGE:
        return ""
    lead_word = procedure_in_force().words.lead
    return f"Only the {lead_word} or their manager can hold or move a review. Ask someone to lead, under “Team”."


def _paused(asker: Asker, case: Case) -> str:
    plan = plan_of(case)
    if plan is None or plan.paused_on is None:
        return "The plan doesn’t rest: it goes on."
    return episode_open(asker, case)


def _arranged(asker: Asker, meeting: Meeting) -> str:
    if meeting.episode.ended_at:
        return "Early help for this family has ended. A new request opens it again."
    if meeting.status == Meeting.Status.ARRANGED:
        return ""
    return "This meeting was recorded already, or is off. Arrange another, or record one."


def _recorded(asker: Asker, meeting: Meeting) -> str:
    if meeting.status != Meeting.Status.HELD:
        return "Only what was recorded as held is taken back."
    if asker.level >= Level.LEAD or meeting.recorded_by_id == asker.user.pk:
        return ""
    return f"Only {meeting.recorded_by} or the lead takes this back."


SEE = action("plans.see", "See the plan and its reviews", Level.VIEW)
CHANGE = action("plans.change", "Change the plan", Level.CONTRIBUTE, episode_open)
REMOVE = action("plans.remove", "Remove an action from the draft plan", Level.CONTRIBUTE, _draft)
REMOVE_OUTCOME = action("plans.remove_outcome", "Remove an outcome from the draft plan", Level.LEAD, _draft)
AGREE = action("plans.agree", "Agree the plan with the family", Level.LEAD, _draft)
REVIEW = action("plans.review", "Hold a review", Level.LEAD, _reviewable)
MOVE_REVIEW = action("plans.move_review", "Move the next review", Level.LEAD, _reviewable)
PICK_UP = action("plans.pick_up", "Pick the plan up again", Level.LEAD, _paused)
PRINT = action("plans.print", "Print the family’s copy of the plan", Level.VIEW)
ARRANGE_MEETING = action("plans.arrange_meeting", "Arrange a meeting", Level.CONTRIBUTE, episode_open)
RECORD_MEETING = action("plans.record_meeting", "Record a meeting that was held", Level.CONTRIBUTE, episode_open)
TAKE_BACK_MEETING = action(
    "plans.take_back_meeting", "Say that a meeting was recorded by mistake", Level.CONTRIBUTE, _recorded
)
CHANGE_MEETING = action("plans.change_meeting", "Change a meeting", Level.CONTRIBUTE, _arranged)
