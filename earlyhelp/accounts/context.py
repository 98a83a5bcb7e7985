from typing import Any

from django.conf import settings
from django.http import HttpRequest

from earlyhelp.core import clock
from earlyhelp.procedures.services import procedure_in_force


def local_procedure(request: HttpRequest) -> dict[str, Any]:
    return {"procedure": procedure_in_force()}


def demo(request: HttpRequest) -> dict[str, Any]:
    """`demo` is None outside the demonstration."""
    return {"demo": {"clock_moved": clock.moved_to(), "now": clock.now()} if settings.DEMO else None}
