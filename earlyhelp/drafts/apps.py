from django.apps import AppConfig


class DraftsConfig(AppConfig):
    name = "earlyhelp.drafts"
    verbose_name = "Drafts"
