from consent.services.competence import deciders, deciding, judge, latest_judgements
from consent.services.ledger import (
    Choice,
    agencies_that_know,
    agreed,
    all_choices,
    check_deciders,
    record_agreement,
    record_choices,
    running_agency,
    tier_of,
    tiers,
    ways_that_count,
    withdraw_from,
)

__all__ = [
    "Choice",
    "agencies_that_know",
    "agreed",
    "all_choices",
    "check_deciders",
    "deciders",
    "deciding",
    "judge",
    "latest_judgements",
    "record_agreement",
    "record_choices",
    "running_agency",
    "tier_of",
    "tiers",
    "ways_that_count",
    "withdraw_from",
]
