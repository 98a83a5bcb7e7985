from typing import Any

from django.http import HttpRequest

from earlyhelp.access.actions import Asker
from earlyhelp.workspace import policies


def search(request: HttpRequest) -> dict[str, Any]:
    """Context processor: whether the reader may search for a family, from the header of every page."""
    user = getattr(request, "user", None)
    return {"may_search": bool(user and user.is_authenticated and policies.SEARCH.allows(Asker(user)))}
