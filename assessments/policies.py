"""What may be done to an assessment, and why not."""

from assessments import rules
from assessments.models import Assessment, Contribution
from earlyhelp.access.actions import Asker, action
from earlyhelp.access.case import Case
from earlyhelp.access.levels import Level
from families.case import lead
from families.policies import episode_open


def _write(asker: Asker, contribution: Contribution) -> str:
    return rules.closed_words(contribution.assessment) or rules.not_yours_to_change(contribution, asker.user)


def _open(asker: Asker, assessment: Assessment) -> str:
    return rules.closed_words(assessment)


def _finalise(asker: Asker, case: Case) -> str:
    return rules.not_yours_to_finalise(lead(case), asker.user)


SEE = action("assessments.see", "See the assessment", Level.VIEW)
START = action("assessments.start", "Start the assessment", Level.CONTRIBUTE, episode_open)
WRITE = action("assessments.write", "Write in the assessment", Level.CONTRIBUTE, _write)
ASK_MORE = action("assessments.ask_more", "Choose how much the assessment asks", Level.CONTRIBUTE, _open)
FINALISE = action("assessments.finalise", "Finalise the assessment", Level.VIEW, _finalise)
PRINT = action("assessments.print", "Print the assessment", Level.VIEW)
