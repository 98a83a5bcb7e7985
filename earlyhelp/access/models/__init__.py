from earlyhelp.access.models.base import FamilyRecord, HidesRows
from earlyhelp.access.models.grants import EndedAccess, Grant, GrantPeriod
from earlyhelp.access.models.history import Change
from earlyhelp.access.models.reads import ReadLog

__all__ = ["Change", "EndedAccess", "FamilyRecord", "Grant", "GrantPeriod", "HidesRows", "ReadLog"]
