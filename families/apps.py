from django.apps import AppConfig


class FamiliesConfig(AppConfig):
    name = "families"
    verbose_name = "Families"

    def ready(self) -> None:
        from earlyhelp.desk.services import people, places
        from earlyhelp.procedures.services import EFFECTS
        from families import clocks, hangs, navigation, notices, procedure  # noqa: F401

        people.HANGS.append(hangs.hangs)
        places.HANGS.append(hangs.at_agency)
        EFFECTS.append(procedure.what_follows)
