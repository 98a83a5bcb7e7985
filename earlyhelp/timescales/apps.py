from django.apps import AppConfig


class TimescalesConfig(AppConfig):
    name = "earlyhelp.timescales"
    verbose_name = "Timescales"

    def ready(self) -> None:
        from earlyhelp.timescales import notices  # noqa: F401
