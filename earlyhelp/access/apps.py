from django.apps import AppConfig
from django.core.checks import register


class AccessConfig(AppConfig):
    name = "earlyhelp.access"
    verbose_name = "Access"

    def ready(self) -> None:
        from earlyhelp.access.checks import family_tables_have_policies

        register(family_tables_have_policies)
