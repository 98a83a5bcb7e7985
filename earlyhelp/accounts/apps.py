from django.apps import AppConfig
from django.conf import settings

from earlyhelp.core.environment import refuse


class AccountsConfig(AppConfig):
    name = "earlyhelp.accounts"
    verbose_name = "Accounts"

    def ready(self) -> None:
        from allauth.account.signals import password_reset

        from earlyhelp.accounts.models import Role
        from earlyhelp.accounts.sign_ins import forget_failures

        password_reset.connect(lambda user, **kwargs: forget_failures(user), weak=False)

        for role in settings.MFA_REQUIRED_ROLES:
            if role not in Role.values:
                refuse("MFA_REQUIRED_ROLES", role, f"Choose from: {', '.join(Role.values)}.")
