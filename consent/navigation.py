from consent import policies
from earlyhelp.access.navigation import TABS, Entry
from families.policies import SEE_TEAM

TABS.extend([Entry(25, "Team", "team", SEE_TEAM), Entry(30, "Sharing", "sharing", policies.SEE_SHARING)])
