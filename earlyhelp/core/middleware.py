import re
from collections.abc import Callable

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.cache import add_never_cache_headers

from earlyhelp.core.once import for_a_request

ENORMOUS = re.compile(r"/\d{10,}(?:/|$)")


class OnceMiddleware:
    """What doesn't change within a request is read once in it."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        with for_a_request():
            return self.get_response(request)


class NoStoreMiddleware:
    """Shared computers: no page of a family stays in a browser's cache."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if not response.has_header("Cache-Control"):
            add_never_cache_headers(response)
        return response


class AddressMiddleware:
    """An address that no row can have is not found, before the database is asked: a hidden character, an enormous number."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if (
            "\x00" in request.path_info
            or "%00" in request.META.get("QUERY_STRING", "")
            or ENORMOUS.search(request.path_info)
        ):
            raise Http404
        return self.get_response(request)
