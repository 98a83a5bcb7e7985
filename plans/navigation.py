from earlyhelp.access.navigation import TABS, Entry
from plans import policies

TABS.append(Entry(50, "Plan and reviews", "plan", policies.SEE))
