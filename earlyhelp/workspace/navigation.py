from earlyhelp.access.navigation import MENU, TABS, Entry
from earlyhelp.workspace import policies

MENU.extend(
    [
        Entry(10, "Home", "home", policies.SEE_HOME),
        Entry(20, "Families", "caseload", policies.SEE_CASELOAD),
        Entry(95, "Health", "health", policies.SEE_HEALTH),
    ]
)
TABS.extend(
    [
        Entry(10, "Overview", "family", policies.SEE_OVERVIEW),
        Entry(60, "Chronology", "chronology", policies.SEE_CHRONOLOGY),
        Entry(80, "Who can see this", "who_can_see", policies.SEE_READERS),
    ]
)
