from django.urls import reverse

from earlyhelp.timescales.clocks import Clock

EMERGENCY_REVIEW = Clock(
    "emergency_review",
    "Review of emergency access",
    of="consent.EmergencyAccess",
    starts="the record was opened in an emergency",
    met_by="a reviewer’s finding",
    todo="Review the emergency access",
    link=lambda family, access: reverse("review_emergency", args=[family.reference, access.pk]),
    overseen=True,
)
OWN_WORD = Clock(
    "own_word",
    "A young person’s own choices",
    of="families.Person",
    starts="they came to decide for themselves",
    met_by="what they decide",
    todo="Ask a young person what they choose for themselves",
    keeps_its_date=True,
    link=lambda family, person: reverse("change_choices", args=[family.reference, person.pk]),
)
WHO_DECIDES = Clock(
    "who_decides",
    "Who decides now",
    of="families.Person",
    starts="someone who decided for the family died or left",
    met_by="what someone else decides",
    todo="Ask who decides now",
    keeps_its_date=True,
    link=lambda family, person: reverse("record_agreement", args=[family.reference]),
)
