from earlyhelp.access.actions import Asker, action
from earlyhelp.accounts.models import Role
from earlyhelp.accounts.roles import has_role


def administers(asker: Asker, thing: object) -> str:
    return "" if has_role(asker.user, Role.ADMINISTRATOR) else "Only a service administrator can do this."


KEEP_WORDS = action("desk.keep_words", "Keep the council’s own words", rule=administers)
KEEP_PROCEDURE = action("desk.keep_procedure", "Keep the local procedure", rule=administers)


def _keeps_people(asker: Asker, thing: object) -> str:
    if has_role(asker.user, Role.ADMINISTRATOR, Role.MANAGER):
        return ""
    return "Only a service administrator, or a manager for their own agency, can do this."


SEE_DIRECTORY = action("desk.directory", "See the directory")
KEEP_PLACES = action("desk.keep_places", "Keep agencies and areas", rule=administers)
KEEP_PEOPLE = action("desk.keep_people", "Keep people and their roles", rule=_keeps_people)
CHANGE_ACCOUNTS = action("desk.change_accounts", "Change accounts, and switch them off and on", rule=administers)
