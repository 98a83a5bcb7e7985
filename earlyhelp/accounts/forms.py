from typing import Any

from allauth.account.forms import (
    ChangePasswordForm,
    LoginForm,
    ReauthenticateForm,
    ResetPasswordForm,
    ResetPasswordKeyForm,
)
from allauth.mfa.base.forms import AuthenticateForm
from allauth.mfa.base.forms import ReauthenticateForm as ReauthenticateWithCodeForm
from allauth.mfa.totp.forms import ActivateTOTPForm

from earlyhelp.govuk.forms import GovukFormMixin

# Each field's label, and what to say when it is empty
WORDS = {
    "login": ("E-mail address", "Enter your e-mail address"),
    "email": ("E-mail address", "Enter your e-mail address"),
    "password": ("Password", "Enter your password"),
    "oldpassword": ("The password that you have now", "Enter the password that you have now"),
    "password1": ("New password", "Enter a new password"),
    "password2": ("New password, once more", "Enter the new password once more"),
    "code": ("Code", "Enter the code"),
}


class PlainWordsMixin(GovukFormMixin):
    """allauth's forms in plain words."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():
            if name in WORDS:
                field.label, field.error_messages["required"] = WORDS[name]
                field.widget.attrs.pop("placeholder", None)


class SignInForm(PlainWordsMixin, LoginForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["password"].help_text = ""


class NewPasswordForm(PlainWordsMixin, ChangePasswordForm):
    pass


class ForgottenPasswordForm(PlainWordsMixin, ResetPasswordForm):
    pass


class ReplacedPasswordForm(PlainWordsMixin, ResetPasswordKeyForm):
    pass


class ConfirmForm(PlainWordsMixin, ReauthenticateForm):
    pass


class CodeForm(PlainWordsMixin, AuthenticateForm):
    pass


class ConfirmWithCodeForm(PlainWordsMixin, ReauthenticateWithCodeForm):
    pass


class AuthenticatorAppForm(PlainWordsMixin, ActivateTOTPForm):
    pass
