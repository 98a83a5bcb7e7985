from django.urls import path

from consent.views import boards, disclosures, emergency, lawful, people, signing, wording
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
    path("families/<str:reference>/sharing/without/", lawful.SharedWithout.as_view(), name="lawful"),
    path("families/<str:reference>/sharing/without/start/", lawful.StartLawful.as_view(), name="start_lawful"),
    path("families/<str:reference>/sharing/without/harm/", lawful.LawfulHarm.as_view(), name="lawful_harm"),
    path("families/<str:reference>/sharing/without/record/", lawful.ShareLawfully.as_view(), name="share_lawfully"),
    path("families/<str:reference>/sharing/without/<int:pk>/", lawful.ShowLawful.as_view(), name="lawful_sharing"),
    path(
        "families/<str:reference>/sharing/without/<int:pk>/end/",
        lawful.EndLawfulAccess.as_view(),
        name="end_lawful_access",
    ),
    path("families/<str:reference>/sharing/given/", disclosures.Disclosures.as_view(), name="disclosures"),
    path(
        "families/<str:reference>/sharing/given/record/",
        disclosures.RecordDisclosure.as_view(),
        name="record_disclosure",
    ),
    path("emergency/", emergency.OpenInEmergency.as_view(), name="emergency"),
    path("emergency/review/", emergency.Emergencies.as_view(), name="emergencies"),
    path(
        "families/<str:reference>/emergency/<int:pk>/review/",
        emergency.ReviewEmergency.as_view(),
        name="review_emergency",
    ),
    path("families/<str:reference>/emergency/<int:pk>/stop/", emergency.StopEmergency.as_view(), name="stop_emergency"),
    path("agreements/", boards.Boards.as_view(), name="agreement_boards"),
    path("families/<str:reference>/sharing/agreement/sign/", signing.SignAgreement.as_view(), name="sign_agreement"),
    path("families/<str:reference>/sharing/agreement/signed/", signing.Signed.as_view(), name="signed"),
    path(
        "families/<str:reference>/sharing/signature/<int:pk>/", signing.OpenSignature.as_view(), name="open_signature"
    ),
    path("families/<str:reference>/sharing/what-follows/", views.WhatFollows.as_view(), name="what_follows"),
    path("families/<str:reference>/sharing/competence/<int:pk>/", people.Judge.as_view(), name="judge_competence"),
    path("families/<str:reference>/sharing/exclude/", people.Exclude.as_view(), name="exclude"),
    path("families/<str:reference>/sharing/exclude/<int:pk>/end/", people.EndExclusion.as_view(), name="end_exclusion"),
    path("families/<str:reference>/sharing/print/", views.ChoosePrint.as_view(), name="choose_print"),
    path("settings/agreement-form/", wording.Wordings.as_view(), name="wordings"),
    path("settings/agreement-form/draft/", wording.WriteWording.as_view(), name="write_wording"),
    path("settings/agreement-form/<int:pk>/", wording.ShowWording.as_view(), name="wording"),
    path("settings/agreement-form/<int:pk>/print/", wording.PrintWording.as_view(), name="print_wording"),
    path("settings/agreement-form/<int:pk>/publish/", wording.PublishWording.as_view(), name="publish_wording"),
    path("settings/words/", wording.LocalWords.as_view(), name="local_words"),
]
