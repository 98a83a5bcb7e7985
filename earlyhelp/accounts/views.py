"""Pages for when something is wrong: they need no session, and no database, to give the council's own numbers, and give
back what was sent, which nothing else may have kept."""

import errno
import sys
from dataclasses import dataclass
from urllib.parse import urlsplit

from django.contrib.sessions.exceptions import SessionInterrupted
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import get_token
from django.template.loader import render_to_string

from earlyhelp.procedures.services import last_known

NO_ROOM = (errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EFBIG)


@dataclass(frozen=True)
class Sent:
    """What was sent: its boxes in order, those of several words to be read, and the files, which have to be chosen again."""

    boxes: list[tuple[str, str]]
    words: list[str]
    files: list[tuple[str, str]]


def sent_by(request: HttpRequest) -> Sent | None:
    """What a form sent, if it can be given back: from a page of ours, readable, and without a password."""
    if request.method != "POST" or not _is_ours(request):
        return None
    try:
        lists = list(request.POST.lists())
        files = [(n, str(file.name or "")) for n, found in request.FILES.lists() for file in found]
    except Exception:  # it broke off, or is too large: nothing of it can be read
        return None
    if any("password" in name for name, _ in lists):
        return None
    boxes = [(name, value) for name, values in lists for value in values]
    words = [value for _, value in boxes if len(value.split()) > 1]
    return Sent([box for box in boxes if box[0] != "csrfmiddlewaretoken"], words, files)


def _is_ours(request: HttpRequest) -> bool:
    """Whether the browser says that a page of this site sent it: nobody is offered to send what another site made up."""
    if request.headers.get("Sec-Fetch-Site", "same-origin") != "same-origin":
        return False
    origin = request.headers.get("Origin") or request.headers.get("Referer", "")
    return urlsplit(origin).netloc == request.get_host()


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """What can't be understood; or the database went away, or its sender signed out, after all else was done."""
    if isinstance(exception, SessionInterrupted):
        sent = sent_by(request)
        return not_stored(request, sent, why="unsure", status=503) if sent else _page("500.html", 503)
    return _page("400.html", 400)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Someone signed out, or in again, after the page was opened."""
    if sent := sent_by(request):
        return not_stored(request, sent, why="signed_in_again", status=403)
    return _page("403_csrf.html", 403)


def server_error(request: HttpRequest) -> HttpResponse:
    """The database or the room for files may be away; or it is a mistake of ours."""
    error = sys.exc_info()[1]
    away = isinstance(error, OperationalError | InterfaceError)
    full = isinstance(error, OSError) and error.errno in NO_ROOM
    if sent := sent_by(request):
        why = "away" if away else "full" if full else "wrong"
        return not_stored(request, sent, why=why, status=503 if away or full else 500)
    return _page("500.html", 503 if away or full else 500)


def not_stored(request: HttpRequest, sent: Sent, *, why: str, status: int) -> HttpResponse:
    """The same form again, filled with what was sent, made without any database."""
    context = {
        "procedure": last_known(),
        "sent": sent,
        "why": why,
        "address": request.get_full_path(),
        "token": get_token(request),
    }
    return HttpResponse(render_to_string("not_stored.html", context), status=status)


def too_large(limit: int) -> HttpResponse:
    """More than any scan may be: said without reading it."""
    return _page("413.html", 413, limit=limit)


def _page(template: str, status: int, **context: object) -> HttpResponse:
    context["procedure"] = last_known()
    return HttpResponse(render_to_string(template, context), status=status)
