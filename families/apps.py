from django.apps import AppConfig


class FamiliesConfig(AppConfig):
    name = "families"
    verbose_name = "Families"

    def ready(self) -> None:
        from earlyhelp.desk.services.people import HANGS
        from earlyhelp.procedures.services import EFFECTS
        from families import clocks, hangs, navigation, notices, procedure  # noqa: F401

        HANGS.append(hangs.hangs)
        EFFECTS.append(procedure.what_follows)
