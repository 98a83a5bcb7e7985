"""What happens next with a family, in one sentence: the first thing that its page says."""

from dataclasses import dataclass

from assessments.models import Assessment
from assessments.policies import SEE as SEE_ASSESSMENT
from assessments.policies import START as START_ASSESSMENT
from consent.case import agreed
from consent.policies import CHANGE_CHOICES
from consent.policies import RECORD as RECORD_AGREEMENT
from consent.services.asking import still_to_ask
from earlyhelp.access.actions import Action, Asker
from earlyhelp.access.case import Case
from earlyhelp.access.levels import Level
from earlyhelp.govuk.components import when_text
from earlyhelp.procedures.services import procedure_in_force
from families import policies
from families.case import episode, lead
from families.models import Episode
from plans.models import Plan
from plans.policies import CHANGE as CHANGE_PLAN
from plans.policies import plan_of
from stepdown.policies import SEE_OF_FAMILY as SEE_STEP_DOWN


@dataclass(frozen=True)
class Step:
    """What happens next, where, and whether the reader may do it."""

    text: str
    url: str = ""


def is_cut_off(asker: Asker) -> bool:
    """Whether they run the family's support, and the family no longer lets them see more than basic."""
    return asker.level == Level.BASIC and asker.runs


def why_cut_off(case: Case) -> str:
    current, leads, answer = episode(case), lead(case), agreed(case)
    agency = leads.agency if leads else current.first_contact_agency if current else None
    if answer is False:
        return "The family does not agree to early help."
    if answer is None:
        return f"The family’s {procedure_in_force().words.agreement} is not recorded."
    return f"The family does not share the record with {agency}."


def next_step(case: Case, asker: Asker, assessment: Assessment | None) -> Step:
    """One sentence, with a link for whoever may do it."""
    text, path, action = _next(case, asker, assessment)
    allowed = action is not None and action.allows(asker, case)
    return Step(text, f"{case.family.get_absolute_url()}{path}" if allowed else "")


def _next(case: Case, asker: Asker, assessment: Assessment | None) -> tuple[str, str, Action | None]:
    current, cut_off = episode(case), is_cut_off(asker)
    if current is None or current.ended_at:
        return "Early help has ended.", "", None
    if asker.level < Level.VIEW and not cut_off:
        return "The lead can tell you more.", "", None
    if asker.by_name:
        return "Use what was shared with you to keep someone safe, and tell the lead what you do.", "", None
    if current.stage == Episode.Stage.FIRST_CONTACT:
        return "Make the first contact, and record each try.", "contact/", policies.RECORD_CONTACT
    answer = agreed(case)
    if answer is None:
        word = procedure_in_force().words.agreement
        return f"Ask the family for their {word}, and record it.", "sharing/agreement/", RECORD_AGREEMENT
    if not answer:
        text = "The family does not agree. Offer what one service can do alone, and end early help."
        return text, "end/", policies.END_EPISODE
    if cut_off:
        text = "Ask someone whose agency the family shares with to lead."
        return text, "team/ask-to-lead/", policies.ASK_TO_LEAD
    if current.steps_down and lead(case) is None:
        return "See what the step-down from social care still needs.", "step-down/", SEE_STEP_DOWN
    if lead(case) is None:
        if policies.LEAD_MYSELF.allows(asker, case):
            return "Ask someone to lead, or lead yourself.", "team/", policies.LEAD_MYSELF
        return "Ask someone to lead.", "team/ask-to-lead/", policies.ASK_TO_LEAD
    if plan_of(case) is None and assessment is None and (unasked := still_to_ask(case.family)):
        person = unasked[0]
        text = f"Ask {person.short_name} what may be shared about them: nobody has asked since early help began again."
        return text, f"sharing/person/{person.pk}/", CHANGE_CHOICES
    return _next_of_plan(plan_of(case), assessment)


def _next_of_plan(plan: Plan | None, assessment: Assessment | None) -> tuple[str, str, Action | None]:
    if plan and plan.paused_on:
        return "Social care leads, and the plan rests. Pick it up again once early help goes on.", "plan/", CHANGE_PLAN
    if plan and plan.status != Plan.Status.DRAFT:
        on = f" on {when_text(plan.next_review_on)}" if plan.next_review_on else ""
        return f"Carry out the plan, and hold the next review{on}.", "plan/", CHANGE_PLAN
    if plan is None and assessment is None:
        return "Start the assessment.", "assessment/", START_ASSESSMENT
    if assessment and not assessment.is_open and assessment.is_request:
        return "Send the assessment to the early help team.", "assessment/", SEE_ASSESSMENT
    if assessment and assessment.is_open:
        return "Finish the assessment, then agree a plan with the family.", "assessment/", SEE_ASSESSMENT
    return "Agree a plan with the family.", "plan/", CHANGE_PLAN
