from earlyhelp.timescales.clocks import Clock, Time

FIRST_CONTACT = Clock(
    "first_contact",
    "First contact",
    Time(72, "hours"),
    of="families.Request",
    starts="the request was received",
    met_by="a try to reach the family",
)
ASSESSMENT_START = Clock(
    "assessment_start",
    "Start of the assessment",
    Time(10, "calendar_days"),
    of="families.Episode",
    starts="the request was received",
    met_by="the start of the assessment",
)
