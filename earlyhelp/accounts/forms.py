from typing import Any

from allauth.account.forms import LoginForm

from earlyhelp.govuk.forms import GovukFormMixin


class SignInForm(GovukFormMixin, LoginForm):
    """Sign-in in plain words."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["login"].label = "E-mail address"
        self.fields["login"].error_messages["required"] = "Enter your e-mail address"
        self.fields["password"].error_messages["required"] = "Enter your password"
        self.fields["password"].help_text = ""
        for name in ("login", "password"):
            self.fields[name].widget.attrs.pop("placeholder", None)
