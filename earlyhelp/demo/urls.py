from django.urls import path

from earlyhelp.demo import views

app_name = "demo"
urlpatterns = [
    path("", views.Personas.as_view(), name="home"),
    path("sign-in/", views.SignIn.as_view(), name="sign_in"),
    path("clock/", views.MoveClock.as_view(), name="clock"),
]
