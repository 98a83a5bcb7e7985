from earlyhelp.access.actions import Asker, action
from earlyhelp.accounts.models import Role
from earlyhelp.accounts.roles import has_role


def administers(asker: Asker, thing: object) -> str:
    return "" if has_role(asker.user, Role.ADMINISTRATOR) else "Only a service administrator can do this."


KEEP_WORDS = action("desk.keep_words", "Keep the council’s own words", rule=administers)
KEEP_PROCEDURE = action("desk.keep_procedure", "Keep the local procedure", rule=administers)
