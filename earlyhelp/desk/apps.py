from django.apps import AppConfig


class DeskConfig(AppConfig):
    name = "earlyhelp.desk"
    verbose_name = "The administrator's desk"

    def ready(self) -> None:
        from earlyhelp.desk import navigation  # noqa: F401
