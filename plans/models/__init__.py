from plans.models.actions import Action
from plans.models.meetings import Meeting, Present
from plans.models.outcomes import Outcome
from plans.models.plans import Plan
from plans.models.reviews import ActionResult, Attendance, Review, ReviewMove

__all__ = ["Action", "ActionResult", "Attendance", "Meeting", "Outcome", "Plan", "Present", "Review", "ReviewMove"]
