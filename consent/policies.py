"""What may be done with the family's word."""

from earlyhelp.access.actions import Asker, action
from earlyhelp.access.levels import Level
from earlyhelp.accounts.models import Role
from earlyhelp.accounts.roles import has_role
from families.policies import episode_open, runs


def _administers(asker: Asker, thing: object) -> str:
    return "" if has_role(asker.user, Role.ADMINISTRATOR) else "Only a service administrator can do this."


SEE_SHARING = action("consent.see", "See what the family agreed and shares", Level.VIEW)
RECORD = action("consent.record", "Record the family’s agreement and sharing", Level.BASIC, runs)
FILE_SCAN = action("consent.file_scan", "File the signed form", Level.LEAD, episode_open)
PRINT_FORM = action("consent.print", "Print the agreement form", Level.VIEW)
PRINT_BLANK = action("consent.print_blank", "Print a blank agreement form")
KEEP_WORDING = action("consent.keep_wording", "Keep what the agreement form says", rule=_administers)
PUBLISH_WORDING = action("consent.publish_wording", "Publish what the agreement form says", rule=_administers)
KEEP_WORDS = action("consent.keep_words", "Keep the council’s own words", rule=_administers)
