"""What may be done to an assessment and its sections, and why not."""

from assessments import services
from assessments.models import Assessment, Section
from earlyhelp.access.actions import Asker, action
from earlyhelp.access.levels import Level
from families.policies import episode_open


def _write(asker: Asker, section: Section) -> str:
    return services.closed_words(section.assessment) or services.not_your_agencys(section=section, user=asker.user)


def _finalise(asker: Asker, assessment: Assessment) -> str:
    return services.not_yours_to_finalise(episode=assessment.episode, user=asker.user)


SEE = action("assessments.see", "See the assessment", Level.VIEW)
START = action("assessments.start", "Start the assessment", Level.CONTRIBUTE, episode_open)
WRITE = action("assessments.write", "Write in the assessment", Level.CONTRIBUTE, _write)
FINALISE = action("assessments.finalise", "Finalise the assessment", Level.VIEW, _finalise)
PRINT = action("assessments.print", "Print the assessment", Level.VIEW)
