from django.apps import AppConfig


class FamiliesConfig(AppConfig):
    name = "families"
    verbose_name = "Families"

    def ready(self) -> None:
        from earlyhelp.procedures.services import EFFECTS
        from families import clocks, navigation, notices, procedure  # noqa: F401

        EFFECTS.append(procedure.what_follows)
