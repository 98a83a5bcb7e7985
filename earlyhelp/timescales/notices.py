from earlyhelp.notifications.registry import REFERENCE_ONLY, Notice, may_read


class DueSoon(Notice):
    kind = "timescales.due_soon"
    text = "a deadline is near for {reference}"
    readers = may_read("timescales.Timescale")


class Overdue(Notice):
    kind = "timescales.overdue"
    text = "a deadline has passed for {reference}"
    readers = may_read("timescales.Timescale")


class OverdueForManager(Notice):
    kind = "timescales.overdue_manager"
    text = "a deadline of someone you manage has passed for {reference}"
    readers = may_read("timescales.Timescale")


class OverdueForLocality(Notice):
    kind = "timescales.overdue_locality"
    text = "a deadline in your area has passed for {reference}"
    readers = may_read("timescales.Timescale")


class OverdueForService(Notice):
    kind = "timescales.overdue_service"
    text = "a deadline has passed and nobody has answered for {reference}"
    readers = may_read("timescales.Timescale")


OF_A_DEADLINE = (DueSoon, Overdue, OverdueForManager, OverdueForLocality, OverdueForService)


class ExtensionAsked(Notice):
    kind = "timescales.extension_asked"
    text = "more time was asked for: your decision for {reference}"
    readers = may_read("timescales.Timescale")


class ExtensionDecided(Notice):
    kind = "timescales.extension_decided"
    text = "a manager answered about more time for {reference}"
    readers = may_read("timescales.Timescale")


class ExtensionWithdrawn(Notice):
    kind = "timescales.extension_withdrawn"
    text = "more time isn’t needed any more for {reference}: early help has ended"
    readers = REFERENCE_ONLY
