from django.urls import path

from consent.views import sharing as views

urlpatterns = [
    path("agreement-form/", views.PrintBlank.as_view(), name="print_blank_agreement"),
    path("families/<str:reference>/sharing/", views.Sharing.as_view(), name="sharing"),
    path("families/<str:reference>/sharing/agreement/", views.RecordAgreement.as_view(), name="record_agreement"),
    path("families/<str:reference>/sharing/person/<int:pk>/", views.ChangeChoices.as_view(), name="change_choices"),
    path("families/<str:reference>/sharing/stop/<int:agency>/", views.Withdraw.as_view(), name="withdraw"),
    path("families/<str:reference>/sharing/scan/", views.FileScan.as_view(), name="file_scan"),
    path("families/<str:reference>/sharing/form/", views.PrintForm.as_view(), name="print_agreement"),
    path("families/<str:reference>/team/", views.Team.as_view(), name="team"),
    path("families/<str:reference>/team/invite/", views.Invite.as_view(), name="invite"),
    path("families/<str:reference>/team/ask-to-lead/", views.AskToLead.as_view(), name="ask_to_lead"),
    path("families/<str:reference>/team/lead-myself/", views.LeadMyself.as_view(), name="lead_myself"),
]
