from plans.models.actions import Action
from plans.models.outcomes import Outcome
from plans.models.plans import Plan
from plans.models.reviews import ActionResult, Attendance, Review, ReviewMove

__all__ = ["Action", "ActionResult", "Attendance", "Outcome", "Plan", "Review", "ReviewMove"]
