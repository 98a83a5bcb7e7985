from django.urls import path

from earlyhelp.workspace.views import copies, errors, family, health, home, lists, mail, readers, sign_ins

urlpatterns = [
    path("", home.Home.as_view(), name="home"),
    path("messages/<uuid:pk>/", home.OpenNotification.as_view(), name="open_notification"),
    path("messages/read/", home.ReadAll.as_view(), name="read_all"),
    path("healthz", health.Healthz.as_view(), name="healthz"),
    path("settings/health/", health.Health.as_view(), name="health"),
    path("settings/mail/", mail.WaitingMail.as_view(), name="waiting_mail"),
    path("settings/sign-ins/", sign_ins.FailedSignIns.as_view(), name="failed_sign_ins"),
    path("families/", lists.Caseload.as_view(), name="caseload"),
    path("search/", lists.Search.as_view(), name="search"),
    path("families/<str:reference>/", family.Overview.as_view(), name="family"),
    path("families/<str:reference>/chronology/", family.Chronology.as_view(), name="chronology"),
    path("families/<str:reference>/who-can-see/", readers.WhoCanSee.as_view(), name="who_can_see"),
    path("families/<str:reference>/who-can-see/on/", readers.WhoCouldSee.as_view(), name="who_could_see"),
    path("families/<str:reference>/filed-in-error/", errors.FiledErrors.as_view(), name="filed_in_error"),
    path("families/<str:reference>/filed-in-error/<int:pk>/", errors.WhoHadOpened.as_view(), name="who_had_opened"),
    path(
        "families/<str:reference>/filed-in-error/<int:pk>/put-back/",
        errors.RightAfterAll.as_view(),
        name="right_after_all",
    ),
    path("families/<str:reference>/who-can-see/why-not/", readers.WhyNot.as_view(), name="why_not"),
    path("families/<str:reference>/who-can-see/family/", copies.ForTheFamily.as_view(), name="readers_for_family"),
    path("families/<str:reference>/who-can-see/print/", copies.PrintReaders.as_view(), name="print_readers"),
]
