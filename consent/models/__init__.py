from consent.models.agreement import Agreement
from consent.models.sharing import AgencyPermission, SharingChoice, Tier

__all__ = ["AgencyPermission", "Agreement", "SharingChoice", "Tier"]
