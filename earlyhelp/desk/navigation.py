from earlyhelp.access.navigation import MENU, Entry
from earlyhelp.desk import policies

MENU.extend(
    [
        Entry(60, "Directory", "directory", policies.SEE_DIRECTORY),
        Entry(70, "People", "accounts", policies.KEEP_PEOPLE),
        Entry(72, "Agencies", "agencies", policies.KEEP_PLACES),
        Entry(74, "Areas", "localities", policies.KEEP_PLACES),
        Entry(76, "Calendar", "calendar", policies.KEEP_PLACES),
        Entry(85, "Local procedure", "procedures", policies.KEEP_PROCEDURE),
    ]
)
