"""The bare view that the benchmark compares with, as a web process of its own: a session, its user, and 30 KB of ready HTML.
No identity, no row security, no template. It must not be made slower."""

from django.conf import settings
from django.core.handlers.wsgi import WSGIHandler
from django.http import HttpRequest, HttpResponse
from django.urls import path

import earlyhelp.wsgi  # noqa: F401  its settings

READY = ("<p>" + "x" * 100 + "</p>\n") * 280


def bare(request: HttpRequest) -> HttpResponse:
    assert request.user.is_authenticated
    return HttpResponse(READY)


urlpatterns = [path("", bare)]
settings.ROOT_URLCONF = __name__
settings.MIDDLEWARE = [
    one for one in settings.MIDDLEWARE if one.endswith(("SessionMiddleware", ".AuthenticationMiddleware"))
]
application = WSGIHandler()
