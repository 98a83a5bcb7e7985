from django.apps import AppConfig


class WorkspaceConfig(AppConfig):
    name = "earlyhelp.workspace"
    verbose_name = "Workspace"
