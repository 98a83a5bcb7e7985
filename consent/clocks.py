from django.urls import reverse

from earlyhelp.timescales.clocks import Clock, Time

EMERGENCY_REVIEW = Clock(
    "emergency_review",
    "Review of emergency access",
    Time(3, "working_days", extendable=False, hears=("service",)),
    of="consent.EmergencyAccess",
    starts="the record was opened in an emergency",
    met_by="a reviewer’s finding",
    link=lambda family, access: reverse("review_emergency", args=[family.reference, access.pk]),
    overseen=True,
)
