from django.urls import path

from earlyhelp.timescales import views

urlpatterns = [
    path("families/<str:reference>/deadlines/<int:pk>/", views.ShowTimescale.as_view(), name="timescale"),
    path("families/<str:reference>/deadlines/<int:pk>/more-time/", views.AskExtension.as_view(), name="ask_extension"),
    path("families/<str:reference>/more-time/<int:pk>/", views.DecideExtension.as_view(), name="decide_extension"),
]
