import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "earlyhelp.settings")
app = Celery("earlyhelp", task_cls="earlyhelp.access.tasks:IdentityTask")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
