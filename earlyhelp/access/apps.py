from django.apps import AppConfig
from django.core.checks import register
from django.db.backends.signals import connection_created


class AccessConfig(AppConfig):
    name = "earlyhelp.access"
    verbose_name = "Access"

    def ready(self) -> None:
        import earlyhelp.access.doors  # noqa: F401  (declares the rule)
        from earlyhelp.access.checks import family_tables_have_policies
        from earlyhelp.access.owner import look_at

        register(family_tables_have_policies)
        connection_created.connect(look_at)
