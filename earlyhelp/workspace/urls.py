from django.urls import path

from earlyhelp.workspace.views import home

urlpatterns = [
    path("", home.Home.as_view(), name="home"),
]
