from collections.abc import Callable
from typing import Any, TypeVar

import pghistory
from django.conf import settings
from django.db import models

from earlyhelp.access.rowsecurity import HistorySecurity, RowSecurity, policies_of
from earlyhelp.core import clock

M = TypeVar("M", bound=type[models.Model])


class FamilyRecord(models.Model):
    """The base of every table that holds a family's data. Its Meta must declare RowSecurity; a check sees to it."""

    family = models.ForeignKey("families.Family", on_delete=models.CASCADE, related_name="+")
    created_at = models.DateTimeField(default=clock.now, editable=False)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, editable=False, related_name="+"
    )

    class Meta:
        abstract = True


def tracked(model: M) -> M:
    """Keep every change of the model's rows, by database triggers, in a history table that reads like the model does."""
    security = policies_of(model)
    assert isinstance(security, RowSecurity), f"{model.__name__} declares no RowSecurity"
    columns: dict[str, Any] = {
        "family": "pgh_obj_id" if security.family == "id" else security.family,
        "person": tuple("pgh_obj_id" if column == "id" else column for column in security.person),
        "people": security.people,
        "narrowed": security.narrowed,
        "agency": security.agency,
        "errors": security.errors,
    }
    history = HistorySecurity(name=f"{security.name}_history", read=security.read, **columns)
    decorate: Callable[[M], M] = pghistory.track(
        pghistory.InsertEvent(), pghistory.UpdateEvent(), pghistory.DeleteEvent(), meta={"constraints": [history]}
    )
    return decorate(model)
