from django.apps import AppConfig


class PlansConfig(AppConfig):
    name = "plans"
    verbose_name = "Plans"

    def ready(self) -> None:
        from earlyhelp.desk.services import people, places
        from earlyhelp.procedures.services import EFFECTS
        from plans import clocks, hangs, navigation, notices, procedure, services  # noqa: F401
        from plans.services import meetings  # noqa: F401

        people.HANGS.append(hangs.hangs)
        places.HANGS.append(hangs.at_agency)
        EFFECTS.append(procedure.what_follows)
