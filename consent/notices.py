from earlyhelp.notifications.registry import Notice


class NamedAsAdviser(Notice):
    kind = "consent.named_as_adviser"
    text = "you are named as the adviser of a decision to share without {agreement}: {reference}"


class AccessGiven(Notice):
    kind = "consent.access_given"
    text = "you may see a record for some days: {reference}"


class EmergencyOpened(Notice):
    kind = "consent.emergency_opened"
    text = "a record was opened in an emergency, please review it: {reference}"


class EmergencyWrong(Notice):
    kind = "consent.emergency_wrong"
    text = "a review found that a record should not have been opened: {reference}"


class RestrictedTried(Notice):
    kind = "consent.restricted_tried"
    text = "someone tried to open a restricted record in an emergency: {reference}"


class SharingChanged(Notice):
    kind = "consent.sharing_changed"
    text = "what may be shared for {reference} has changed: see what follows from it"


class OversightEnded(Notice):
    kind = "consent.oversight_ended"
    text = "someone who oversees {reference} can’t see it any more: please make sure that someone else does"


class NobodyGoesOn(Notice):
    kind = "consent.nobody_goes_on"
    text = "someone of {reference} is hidden from who runs its support: please name who goes on with them"
