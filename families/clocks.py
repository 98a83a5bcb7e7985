from typing import Any

from django.urls import reverse

from earlyhelp.timescales.clocks import Clock


def _to_record_it(about: Any, request: Any) -> str:
    """Once there is a family, where a contact with it is recorded; until then, the request."""
    if about._meta.model_name == "family":
        return reverse("record_contact", args=[about.reference])
    return str(about.get_absolute_url())


FIRST_CONTACT = Clock(
    "first_contact",
    "First contact",
    of="families.Request",
    starts="the request was received",
    met_by="a try to reach the family",
    todo="Make the first contact",
    link=_to_record_it,
)
STARTS = {"request_received": "the request was received", "request_accepted": "the request was accepted"}
ASSESSMENT_START = Clock(
    "assessment_start",
    "Start of the assessment",
    of="families.Episode",
    starts=STARTS["request_received"],
    met_by="the start of the assessment",
    todo="Start the assessment",
    form="start_assessment",
)
