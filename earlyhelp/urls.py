from django.conf import settings
from django.http import Http404
from django.urls import URLPattern, URLResolver, include, path
from django.views.defaults import page_not_found

# What people can't do themselves: accounts are an administrator's, and messages go to the work address they have.
CLOSED = ("signup/", "email/", "confirm-email/", "inactive/", "social/signup/", "3rdparty/", "3rdparty/signup/")

urlpatterns: list[URLPattern | URLResolver] = [
    *[path(f"accounts/{closed}", page_not_found, {"exception": Http404()}) for closed in CLOSED],
    path("accounts/", include("allauth.urls")),
    path("", include("earlyhelp.drafts.urls")),
    path("", include("earlyhelp.timescales.urls")),
    path("", include("earlyhelp.desk.urls")),
    path("", include("families.urls")),
    path("", include("consent.urls")),
    path("", include("assessments.urls")),
    path("", include("plans.urls")),
    path("", include("stepdown.urls")),
    path("", include("earlyhelp.workspace.urls")),
]
if settings.DEMO:
    urlpatterns.append(path("demo/", include("earlyhelp.demo.urls")))

handler400 = "earlyhelp.accounts.views.bad_request"
handler403 = "earlyhelp.access.views.forbidden"
handler404 = "earlyhelp.access.views.not_found"
handler500 = "earlyhelp.accounts.views.server_error"
