from consent import policies
from earlyhelp.access.navigation import MENU, TABS, Entry

TABS.append(Entry(30, "Sharing", "sharing", policies.SEE_SHARING))
MENU.extend(
    [
        Entry(80, "Agreement form", "wordings", policies.KEEP_WORDING),
        Entry(90, "Words", "local_words", policies.KEEP_WORDS),
    ]
)
