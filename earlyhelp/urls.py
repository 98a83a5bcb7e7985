from django.conf import settings
from django.urls import URLPattern, URLResolver, include, path

urlpatterns: list[URLPattern | URLResolver] = [
    path("accounts/", include("allauth.urls")),
    path("", include("earlyhelp.drafts.urls")),
    path("", include("earlyhelp.timescales.urls")),
    path("", include("families.urls")),
    path("", include("consent.urls")),
    path("", include("assessments.urls")),
    path("", include("plans.urls")),
    path("", include("earlyhelp.workspace.urls")),
]
if settings.DEMO:
    urlpatterns.append(path("demo/", include("earlyhelp.demo.urls")))

handler403 = "earlyhelp.access.views.forbidden"
handler404 = "earlyhelp.access.views.not_found"
