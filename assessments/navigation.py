from assessments import policies
from earlyhelp.access.navigation import TABS, Entry

TABS.append(Entry(40, "Assessment", "assessment", policies.SEE))
