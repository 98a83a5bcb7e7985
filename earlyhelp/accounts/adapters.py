import time
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.app_settings import REAUTHENTICATION_TIMEOUT
from allauth.account.authentication import get_authentication_records
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse

from earlyhelp.accounts import sign_ins
from earlyhelp.accounts.models import PasswordMail
from earlyhelp.core.clock import in_london


class AccountAdapter(DefaultAccountAdapter):
    """Nobody signs up: an administrator makes accounts, and people sign in with them, as often as `sign_ins` allows."""

    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "account_inactive": "This account is switched off. Ask your agency’s administrator.",
        "email_password_mismatch": "The e-mail address or password is not right. Check both and try again.",
        "too_many_login_attempts": "Too many codes were wrong. Wait five minutes, then try again.",
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        if until := sign_ins.closed_until(request, credentials.get("email", "")):
            time = in_london(until).strftime("%I:%M%p").lstrip("0").lower()
            raise ValidationError(
                f"Too many passwords were wrong. Try again after {time}. On a computer or phone where you have signed in "
                "before, you can sign in now; or choose a new password with “I have forgotten my password”."
            )

    def authentication_failed(self, request: HttpRequest, **credentials: Any) -> None:
        sign_ins.record_failure(request, credentials.get("email", ""))

    def is_reauthentication_required(self, *, app: str, **kwargs: Any) -> bool:
        """Whoever signed in a moment ago isn't asked for the password again, to set up the code that their role needs."""
        records = get_authentication_records(self.request, self.request.user)
        just_now = time.time() - REAUTHENTICATION_TIMEOUT
        if any(record.get("at", 0) > just_now for record in records):
            return False
        return bool(super().is_reauthentication_required(app=app, **kwargs))

    def send_password_reset_mail(self, user: Any, email: str, context: dict[str, Any]) -> None:
        PasswordMail.objects.create(user=user)

    def post_login(self, request: HttpRequest, user: Any, **kwargs: Any) -> HttpResponse:
        response: HttpResponse = super().post_login(request, user, **kwargs)
        sign_ins.remember_device(request, response, user)
        return response


class SocialAccountAdapter(DefaultSocialAccountAdapter):
    """The council's sign-in opens accounts that exist; it makes none."""

    def is_open_for_signup(self, request: HttpRequest, sociallogin: Any) -> bool:
        return False
