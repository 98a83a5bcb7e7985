from consent import policies
from earlyhelp.access.navigation import TABS, Entry

TABS.append(Entry(30, "Sharing", "sharing", policies.SEE_SHARING))
