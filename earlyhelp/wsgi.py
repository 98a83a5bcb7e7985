import os

from django.conf import settings
from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "earlyhelp.settings")
# Threads share connections that live long, and with them what these remember of statements; at most as many as there are threads
database = settings.DATABASES["default"]
database["CONN_MAX_AGE"] = 0
database["OPTIONS"]["pool"] = {"min_size": 2, "max_size": 32, "timeout": 5}
application = get_wsgi_application()
