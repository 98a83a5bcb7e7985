"""Pages for when something is wrong: they need no session, and no database, to give the council's own numbers."""

from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string

from earlyhelp.accounts.models import LocalProcedure


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    return _page("400.html", 400)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    return _page("403_csrf.html", 403)


def server_error(request: HttpRequest) -> HttpResponse:
    return _page("500.html", 500)


def _page(template: str, status: int) -> HttpResponse:
    return HttpResponse(render_to_string(template, {"procedure": LocalProcedure.last_known()}), status=status)
