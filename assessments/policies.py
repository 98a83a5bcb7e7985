"""What may be done to an assessment, and why not."""

from assessments import rules
from assessments.models import Asked, Assessment, Contribution, Proposal
from earlyhelp.access.actions import Asker, action
from earlyhelp.access.case import Case
from earlyhelp.access.levels import Level
from families.case import lead
from families.policies import episode_open
from families.services.running import lead_of


def _write(asker: Asker, contribution: Contribution) -> str:
    return rules.closed_words(contribution.assessment) or rules.not_yours_to_change(contribution, asker.user)


def _open(asker: Asker, assessment: Assessment) -> str:
    return rules.closed_words(assessment)


def _finalise(asker: Asker, case: Case) -> str:
    return rules.not_yours_to_finalise(lead(case), asker.user)


def _answer(asker: Asker, asked: Asked) -> str:
    closed = rules.closed_words(asked.assessment)
    return closed or rules.not_theirs_to_answer(asked, asker.user)


def _waiting(asker: Asker, asked: Asked) -> str:
    return rules.closed_words(asked.assessment) or rules.answered_words(asked)


def _propose(asker: Asker, contribution: Contribution) -> str:
    return rules.closed_words(contribution.assessment) or rules.yours_to_change(contribution, asker.user)


def _decide(asker: Asker, proposal: Proposal) -> str:
    contribution = proposal.answer.contribution
    closed = rules.closed_words(contribution.assessment)
    return closed or rules.not_yours_to_decide(proposal, lead_of(contribution.assessment.episode), asker.user)


def _take_back(asker: Asker, proposal: Proposal) -> str:
    closed = rules.closed_words(proposal.answer.contribution.assessment)
    return closed or rules.not_yours_to_take_back(proposal, asker.user)


def _open_again(asker: Asker, assessment: Assessment) -> str:
    refusal = rules.not_yours_to_open_again(assessment, lead_of(assessment.episode), asker.user)
    return refusal or rules.being_read(assessment)


def _send(asker: Asker, assessment: Assessment) -> str:
    return rules.not_yours_to_send(assessment, lead_of(assessment.episode), asker.user)


def _check(asker: Asker, contribution: Contribution) -> str:
    return rules.closed_words(contribution.assessment) or rules.not_to_be_checked(contribution)


def _leave_out(asker: Asker, contribution: Contribution) -> str:
    lead = lead_of(contribution.assessment.episode)
    closed = rules.closed_words(contribution.assessment)
    return closed or rules.not_yours_to_drop(contribution, lead, asker.user)


SEE = action("assessments.see", "See the assessment", Level.VIEW)
START = action("assessments.start", "Start the assessment", Level.CONTRIBUTE, episode_open)
WRITE = action("assessments.write", "Write in the assessment", Level.CONTRIBUTE, _write)
ASK_MORE = action("assessments.ask_more", "Choose how much the assessment asks", Level.CONTRIBUTE, _open)
ASK = action("assessments.ask", "Ask an agency for its part", Level.LEAD, _open)
REMIND = action("assessments.remind", "Remind an agency of its part", Level.LEAD, _waiting)
WAIVE = action("assessments.waive", "Not wait for an agency’s part", Level.LEAD, _waiting)
ANSWER_ASKED = action("assessments.answer_asked", "Say that an agency has nothing to add", Level.CONTRIBUTE, _answer)
REMARK = action("assessments.remark", "Say what someone does not agree with, or what is wrong", Level.CONTRIBUTE)
PROPOSE = action("assessments.propose", "Propose another text", Level.CONTRIBUTE, _propose)
SEE_PROPOSAL = action("assessments.see_proposal", "See a proposed text", Level.VIEW)
DECIDE = action("assessments.decide", "Take over a proposed text, or not", Level.CONTRIBUTE, _decide)
TAKE_BACK = action("assessments.take_back", "Take back a proposed text", Level.CONTRIBUTE, _take_back)
FINALISE = action("assessments.finalise", "Finalise the assessment", Level.VIEW, _finalise)
PRINT = action("assessments.print", "Print the assessment", Level.VIEW)
SEND = action("assessments.send", "Send the assessment to the early help team", Level.LEAD, _send)
OPEN_NEXT = action("assessments.open_next", "Review and update the assessment", Level.VIEW, _open_again)
STILL_RIGHT = action("assessments.still_right", "Say that it is still right", Level.CONTRIBUTE, _check)
LEAVE_OUT = action("assessments.leave_out", "Leave out what is not right any more", Level.CONTRIBUTE, _leave_out)
OVERSEE = action("assessments.oversee", "Comment on the assessment, return it, or sign it off", Level.MANAGE)
SELF_CHECK = action("assessments.self_check", "Check the assessment against the practice standards", Level.VIEW)
