import gc
import os

from django.conf import settings
from django.core.wsgi import get_wsgi_application
from django.urls import resolve

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "earlyhelp.settings")
# Threads share connections that live long, and with them what these remember of statements; at most as many as there are threads.
# A statement is planned once for all its values: planning one anew takes longer than most take to be answered
database = settings.DATABASES["default"]
database["CONN_MAX_AGE"] = 0
options = database["OPTIONS"]
options["pool"] = {"min_size": 2, "max_size": 32, "timeout": 5}
options["options"] += " -c plan_cache_mode=force_generic_plan"
application = get_wsgi_application()
resolve("/")  # all pages are read now, not while somebody waits for the first

# What is loaded stays: to look through it for what is no longer needed took 150 ms of somebody's page now and then
gc.collect()
gc.freeze()
