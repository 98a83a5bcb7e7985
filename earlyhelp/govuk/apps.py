from django.apps import AppConfig


class GovukConfig(AppConfig):
    name = "earlyhelp.govuk"
    verbose_name = "GOV.UK components"
