from earlyhelp.notifications.registry import Notice


class DueSoon(Notice):
    kind = "timescales.due_soon"
    text = "a deadline is near for {reference}"


class Overdue(Notice):
    kind = "timescales.overdue"
    text = "a deadline has passed for {reference}"


class OverdueForManager(Notice):
    kind = "timescales.overdue_manager"
    text = "a deadline of someone you manage has passed for {reference}"


class OverdueForLocality(Notice):
    kind = "timescales.overdue_locality"
    text = "a deadline in your area has passed for {reference}"


class OverdueForService(Notice):
    kind = "timescales.overdue_service"
    text = "a deadline has passed and nobody has answered for {reference}"


class ExtensionAsked(Notice):
    kind = "timescales.extension_asked"
    text = "more time was asked for: your decision for {reference}"


class ExtensionDecided(Notice):
    kind = "timescales.extension_decided"
    text = "a manager answered about more time for {reference}"
