from collections.abc import Callable

from django.db import transaction
from django.http import HttpRequest, HttpResponse

from earlyhelp.access.identity import acting_as
from earlyhelp.access.reads import log_read


class IdentityMiddleware:
    """One transaction around view and rendering, in which the database knows who asks.

    What was refused or went wrong is undone; refusals are then logged in a transaction of their own.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        with acting_as(request.user):
            response = self.get_response(request)
            if response.status_code >= 400:
                transaction.set_rollback(True)
        match = request.resolver_match
        if response.status_code in (403, 404) and match and request.user.is_authenticated:
            with acting_as(request.user):
                reference = str(match.kwargs.get("reference", ""))[:20]
                log_read(what=match.view_name, reference=reference, refused=True)
        return response
