from django.apps import AppConfig


class StepdownConfig(AppConfig):
    name = "stepdown"
    verbose_name = "Step-down"
