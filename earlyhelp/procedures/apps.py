from django.apps import AppConfig


class ProceduresConfig(AppConfig):
    name = "earlyhelp.procedures"
    verbose_name = "Local procedures"
