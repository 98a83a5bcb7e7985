from consent.services.ledger import (
    Choice,
    agencies_that_know,
    agreed,
    all_choices,
    record_agreement,
    record_choices,
    tier_of,
    tiers,
    withdraw_from,
)

__all__ = [
    "Choice",
    "agencies_that_know",
    "agreed",
    "all_choices",
    "record_agreement",
    "record_choices",
    "tier_of",
    "tiers",
    "withdraw_from",
]
