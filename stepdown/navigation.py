from earlyhelp.access.navigation import MENU, Entry
from stepdown import policies

MENU.append(Entry(35, "Step-downs", "step_downs", policies.LIST))
