from earlyhelp.access.navigation import MENU, TABS, Entry
from families import policies

MENU.append(Entry(30, "Requests", "requests", policies.SEE_REQUESTS))
TABS.extend(
    [
        Entry(20, "People", "people", policies.SEE_PEOPLE),
        Entry(55, "Notes", "notes", policies.SEE_NOTES),
        Entry(70, "Documents", "documents", policies.SEE_DOCUMENTS),
    ]
)
