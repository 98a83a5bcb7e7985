from django.apps import AppConfig


class StepdownConfig(AppConfig):
    name = "stepdown"
    verbose_name = "Step-down"

    def ready(self) -> None:
        from consent.views import team
        from earlyhelp.desk.services import people, places
        from stepdown import clocks, hangs, navigation, notices, reasons  # noqa: F401
        from stepdown.services import completing, obstacles, opening  # noqa: F401
        from stepdown.telling import before_leading

        team.BEFORE_LEADING.append(before_leading)
        people.HANGS.append(hangs.hangs)
        places.HANGS.append(hangs.at_agency)
