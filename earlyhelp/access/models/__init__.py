from earlyhelp.access.models.base import FamilyRecord, tracked
from earlyhelp.access.models.grants import EndedAccess, Grant, GrantPeriod
from earlyhelp.access.models.reads import ReadLog
from earlyhelp.access.models.sources import WATCHED

__all__ = ["WATCHED", "EndedAccess", "FamilyRecord", "Grant", "GrantPeriod", "ReadLog", "tracked"]
