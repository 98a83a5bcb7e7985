from django.urls import path

from earlyhelp.drafts import views

urlpatterns = [
    path("drafts/", views.Drafts.as_view(), name="drafts"),
    path("drafts/<uuid:pk>/discard/", views.DiscardDraft.as_view(), name="discard_draft"),
    path("drafts/save/<str:address>/", views.SaveDraft.as_view(), name="draft"),
]
