from earlyhelp.access.actions import Asker, action
from earlyhelp.access.levels import Level
from earlyhelp.timescales.models import Extension, Timescale
from earlyhelp.timescales.services import may_decide, why_no_decision, why_no_more_time


def _open(asker: Asker, timescale: Timescale) -> str:
    return why_no_more_time(timescale)


def _decides(asker: Asker, extension: Extension) -> str:
    return why_no_decision(extension) or may_decide(extension=extension, user=asker.user)


SEE_TIMESCALE = action("timescales.see", "See a deadline", Level.VIEW)
ASK_EXTENSION = action("timescales.ask_extension", "Ask for more time", Level.CONTRIBUTE, _open)
DECIDE_EXTENSION = action("timescales.decide_extension", "Decide on more time", Level.VIEW, _decides)
