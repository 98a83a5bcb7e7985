from django.apps import AppConfig


class PrintingConfig(AppConfig):
    name = "earlyhelp.printing"
    verbose_name = "Printing"
