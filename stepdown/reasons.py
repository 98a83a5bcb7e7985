from earlyhelp.access.reasons import reason

STEPS_DOWN = reason(
    "steps_down", "steps the family down", "Is your social worker, and hands over to {service} with you", own=True
)
