from django.apps import AppConfig


class NotificationsConfig(AppConfig):
    name = "earlyhelp.notifications"
    verbose_name = "Notifications"
