from earlyhelp.access.navigation import MENU, Entry
from earlyhelp.desk import policies

MENU.extend(
    [
        Entry(85, "Local procedure", "procedures", policies.KEEP_PROCEDURE),
        Entry(90, "Words", "local_words", policies.KEEP_WORDS),
    ]
)
