from django.urls import path

from consent.views import people, signing
from consent.views import sharing as views

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
    path("families/<str:reference>/sharing/agreement/sign/", signing.SignAgreement.as_view(), name="sign_agreement"),
    path(
        "families/<str:reference>/sharing/signature/<int:pk>/", signing.OpenSignature.as_view(), name="open_signature"
    ),
    path("families/<str:reference>/sharing/what-follows/", views.WhatFollows.as_view(), name="what_follows"),
    path("families/<str:reference>/sharing/competence/<int:pk>/", people.Judge.as_view(), name="judge_competence"),
    path("families/<str:reference>/sharing/exclude/", people.Exclude.as_view(), name="exclude"),
    path("families/<str:reference>/sharing/exclude/<int:pk>/end/", people.EndExclusion.as_view(), name="end_exclusion"),
]
