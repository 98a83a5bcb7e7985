from django.apps import AppConfig


class ConsentConfig(AppConfig):
    name = "consent"
    verbose_name = "Agreement and sharing"

    def ready(self) -> None:
        from consent import clocks, navigation, notices  # noqa: F401
