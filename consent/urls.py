from django.urls import path

from consent.views import sharing as views
from consent.views import wording

urlpatterns = [
    path("agreement-form/", views.PrintBlank.as_view(), name="print_blank_agreement"),
    path("families/<str:reference>/sharing/", views.Sharing.as_view(), name="sharing"),
    path("families/<str:reference>/sharing/agreement/", views.RecordAgreement.as_view(), name="record_agreement"),
    path("families/<str:reference>/sharing/person/<int:pk>/", views.ChangeChoices.as_view(), name="change_choices"),
    path("families/<str:reference>/sharing/stop/<int:agency>/", views.Withdraw.as_view(), name="withdraw"),
    path("families/<str:reference>/sharing/scan/", views.FileScan.as_view(), name="file_scan"),
    path("families/<str:reference>/sharing/form/", views.PrintForm.as_view(), name="print_agreement"),
    path("families/<str:reference>/team/invite/", views.Invite.as_view(), name="invite"),
    path("families/<str:reference>/team/ask-to-lead/", views.AskToLead.as_view(), name="ask_to_lead"),
    path("families/<str:reference>/sharing/print/", views.ChoosePrint.as_view(), name="choose_print"),
    path("settings/agreement-form/", wording.Wordings.as_view(), name="wordings"),
    path("settings/agreement-form/draft/", wording.WriteWording.as_view(), name="write_wording"),
    path("settings/agreement-form/<int:pk>/", wording.ShowWording.as_view(), name="wording"),
    path("settings/agreement-form/<int:pk>/print/", wording.PrintWording.as_view(), name="print_wording"),
    path("settings/agreement-form/<int:pk>/publish/", wording.PublishWording.as_view(), name="publish_wording"),
    path("settings/words/", wording.LocalWords.as_view(), name="local_words"),
]
