from django.apps import AppConfig


class WorkspaceConfig(AppConfig):
    name = "earlyhelp.workspace"
    verbose_name = "Workspace"

    def ready(self) -> None:
        from earlyhelp.workspace import navigation  # noqa: F401
