"""The pages that span apps, and who may read them."""

from consent.policies import not_by_name
from earlyhelp.access.actions import Asker, action
from earlyhelp.access.levels import Level
from earlyhelp.accounts.models import Role
from earlyhelp.accounts.roles import has_role
from earlyhelp.desk.policies import administers
from families.policies import SEE_FAMILY, works_with_families

SEE_HOME = action("workspace.home", "See your home page")
SEE_CASELOAD = action("workspace.caseload", "See your families", rule=works_with_families)
EXPORT_CASELOAD = action("workspace.export", "Take a list of families as a file", rule=works_with_families)
SEARCH = action("workspace.search", "Search for a family", rule=works_with_families)


def _oversees(asker: Asker, thing: object) -> str:
    if has_role(asker.user, Role.MANAGER, Role.SERVICE_MANAGER):
        return ""
    return "Only a manager, or the service manager, can do this."


SEE_LEFT = action("workspace.left", "See the work of people who left", rule=_oversees)
SEE_OVERVIEW = SEE_FAMILY
PRINT_CHRONOLOGY = action("workspace.print_chronology", "Print the family’s chronology", Level.VIEW)
SEE_CHRONOLOGY = action("workspace.chronology", "See the family’s chronology", Level.VIEW)
SEE_READERS = action("workspace.who_can_see", "See who can see this family", Level.VIEW, not_by_name)
REPLAY = action("workspace.who_could_see", "See who could see this family on a date", Level.LEAD)
EXPLAIN = action("workspace.why_not", "See why someone can’t see this family", Level.LEAD)
PRINT_READERS = action("workspace.print_readers", "Print for the family who can see and who has looked", Level.LEAD)
SEE_FAILED_SIGN_INS = action("workspace.failed_sign_ins", "See sign-ins that failed", rule=administers)
SEE_HEALTH = action("workspace.health", "See whether everything runs", rule=administers)
SEE_WAITING_MAIL = action("workspace.waiting_mail", "See whom no e-mail has reached yet", rule=administers)
