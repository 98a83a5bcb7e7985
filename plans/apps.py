from django.apps import AppConfig


class PlansConfig(AppConfig):
    name = "plans"
    verbose_name = "Plans"

    def ready(self) -> None:
        from earlyhelp.desk.services.people import HANGS
        from plans import clocks, hangs, navigation, notices, services  # noqa: F401

        HANGS.append(hangs.hangs)
