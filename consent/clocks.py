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
OWN_WORD = Clock(
    "own_word",
    "A young person’s own choices",
    Time(5, "working_days", extendable=False),
    of="families.Person",
    starts="they came to decide for themselves",
    met_by="what they decide",
    link=lambda family, person: reverse("change_choices", args=[family.reference, person.pk]),
)
WHO_DECIDES = Clock(
    "who_decides",
    "Who decides now",
    Time(5, "working_days", extendable=False),
    of="families.Person",
    starts="someone who decided for the family died or left",
    met_by="what someone else decides",
    link=lambda family, person: reverse("record_agreement", args=[family.reference]),
)
