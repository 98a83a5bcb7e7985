from earlyhelp.notifications.registry import Notice


class SharingChanged(Notice):
    kind = "consent.sharing_changed"
    text = "what may be shared for {reference} has changed: see what follows from it"


class OversightEnded(Notice):
    kind = "consent.oversight_ended"
    text = "someone who oversees {reference} can’t see it any more: please make sure that someone else does"
