from collections.abc import Callable
from typing import Any

from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from earlyhelp.accounts.roles import has_role
from earlyhelp.accounts.views import not_stored, sent_by, too_large
from earlyhelp.procedures.services import last_known


class SizeMiddleware:
    """What is far too large is refused by its header, before any of it is read: a scan's limit, and room for words."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        procedure = last_known()
        limit = procedure.limits.scan_mb if procedure else 10
        said = request.META.get("CONTENT_LENGTH") or "0"
        if said.isascii() and said.isdigit() and int(said) > (limit + 2) * 1024 * 1024:
            return too_large(limit)
        return self.get_response(request)


class SignedInMiddleware(LoginRequiredMiddleware):
    """Whoever isn't signed in is asked to; what a form sent before it was known is given back. A page's script that keeps a draft
    is told so, and says it to whoever is typing."""

    def handle_no_permission(self, request: HttpRequest, view_func: Any) -> Any:
        if request.headers.get("X-Requested-With") == "XMLHttpRequest":
            return HttpResponse(status=401)
        if sent := sent_by(request):
            return not_stored(request, sent, why="signed_out", status=403)
        return super().handle_no_permission(request, view_func)


class RequiredMfaMiddleware:
    """Roles that the setting MFA_REQUIRED_ROLES names set up a one-time code before anything else."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: object, args: object, kwargs: object) -> HttpResponse | None:
        if not (settings.MFA_REQUIRED_ROLES and request.user.is_authenticated):
            return None
        match = request.resolver_match
        if match is None or match.url_name in {"mfa_activate_totp", "account_logout", "account_reauthenticate"}:
            return None
        if has_role(request.user, *settings.MFA_REQUIRED_ROLES) and not is_mfa_enabled(request.user):
            messages.info(request, "Your role needs a one-time code as well as a password. Set it up now.")
            return redirect("mfa_activate_totp")
        return None
