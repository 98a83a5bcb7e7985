from django.apps import AppConfig


class WorkspaceConfig(AppConfig):
    name = "earlyhelp.workspace"
    verbose_name = "Workspace"

    def ready(self) -> None:
        from earlyhelp.workspace import chronology, navigation  # noqa: F401
        from stepdown import printing

        printing.HAPPENED.append(chronology.in_short)
