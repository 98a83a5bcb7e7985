from assessments import policies
from earlyhelp.access.navigation import MENU, TABS, Entry
from earlyhelp.desk.policies import KEEP_PROCEDURE

TABS.append(Entry(40, "Assessment", "assessment", policies.SEE))
MENU.append(Entry(86, "Assessment form", "assessment_form", KEEP_PROCEDURE))
