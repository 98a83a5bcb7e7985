from earlyhelp.notifications.registry import REFERENCE_ONLY, Notice


class PlanAgreed(Notice):
    kind = "plans.agreed"
    text = "the plan for {reference} is agreed: please see what you are to do, and by when"


class ReviewHeld(Notice):
    kind = "plans.reviewed"
    text = "the plan for {reference} was reviewed"


class ReviewMoved(Notice):
    kind = "plans.review_moved"
    text = "the next review for {reference} is on another day"


class EarlyHelpEnded(Notice):
    kind = "plans.ended"
    text = "early help for {reference} has ended"
    readers = REFERENCE_ONLY
