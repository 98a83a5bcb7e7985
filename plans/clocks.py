from django.urls import reverse

from earlyhelp.timescales.clocks import Clock

REVIEW = Clock(
    "review",
    "Review",
    of="plans.Plan",
    starts="the plan was agreed",
    again="the last review was held",
    met_by="the review",
    todo="Hold the review",
    form="hold_review",
    link=lambda family, plan: reverse("plan", args=[family.reference]),
)
