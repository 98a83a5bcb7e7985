from consent.models.agreement import Agreement, Competence, Signature
from consent.models.goes_on import GoesOn
from consent.models.lawful import Disclosure, EmergencyAccess, ExcludedPerson, LawfulSharing
from consent.models.mistakes import Mistake, Said
from consent.models.sharing import AgencyPermission, SharingChoice, Tier
from consent.models.wording import Wording

__all__ = [
    "AgencyPermission",
    "Agreement",
    "Competence",
    "Disclosure",
    "EmergencyAccess",
    "ExcludedPerson",
    "GoesOn",
    "LawfulSharing",
    "Mistake",
    "Said",
    "SharingChoice",
    "Signature",
    "Tier",
    "Wording",
]
