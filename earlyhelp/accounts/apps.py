from django.apps import AppConfig
from django.conf import settings

from earlyhelp.core.environment import refuse


class AccountsConfig(AppConfig):
    name = "earlyhelp.accounts"
    verbose_name = "Accounts"

    def ready(self) -> None:
        from earlyhelp.accounts.models import Role

        for role in settings.MFA_REQUIRED_ROLES:
            if role not in Role.values:
                refuse("MFA_REQUIRED_ROLES", role, f"Choose from: {', '.join(Role.values)}.")
