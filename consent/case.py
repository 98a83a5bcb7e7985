"""What pages and policies ask of a family's case about its word."""

from consent.services import ledger
from consent.word import FamilysWord
from earlyhelp.access.case import Case, fact
from families.case import episode


@fact
def agreed(case: Case) -> bool | None:
    """Whether the family agrees, in its latest episode; None while nobody was asked."""
    current = episode(case)
    return ledger.agreed(current) if current else None


@fact
def word(case: Case) -> FamilysWord:
    """All that the family said, also of those whom the asker may not know of."""
    return FamilysWord.of(case.family)
