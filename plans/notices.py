from earlyhelp.notifications.registry import Notice


class PlanAgreed(Notice):
    kind = "plans.agreed"
    text = "the plan for {reference} is agreed: please see what you are to do, and by when"


class ReviewHeld(Notice):
    kind = "plans.reviewed"
    text = "the plan for {reference} was reviewed"


class MeetingArranged(Notice):
    kind = "plans.meeting"
    text = "a meeting about {reference} was arranged, or changed"


class ReviewMoved(Notice):
    kind = "plans.review_moved"
    text = "the next review for {reference} is on another day"
