from django.urls import path

from assessments.views import assessment, together, writing

FAMILY = "families/<str:reference>/assessment/"
urlpatterns = [
    path(FAMILY, assessment.AssessmentPage.as_view(), name="assessment"),
    path(f"{FAMILY}start/", assessment.StartAssessment.as_view(), name="start_assessment"),
    path(f"{FAMILY}part/<str:part>/", writing.WritePart.as_view(), name="assessment_part"),
    path(f"{FAMILY}part/<str:part>/<int:person>/", writing.WriteAbout.as_view(), name="assessment_about"),
    path(f"{FAMILY}part/<str:part>/told/", together.WriteTold.as_view(), name="assessment_told"),
    path(f"{FAMILY}part/<str:part>/<int:person>/told/", together.WriteTold.as_view(), name="assessment_told_about"),
    path(f"{FAMILY}part/<str:part>/remark/", together.WriteRemark.as_view(), name="remark"),
    path(f"{FAMILY}part/<str:part>/<int:person>/remark/", together.WriteRemark.as_view(), name="remark_about"),
    path(f"{FAMILY}ask/", together.Ask.as_view(), name="ask_agency"),
    path(f"{FAMILY}asked/<int:pk>/remind/", together.Remind.as_view(), name="remind_asked"),
    path(f"{FAMILY}asked/<int:pk>/waive/", together.Waive.as_view(), name="waive_asked"),
    path(f"{FAMILY}asked/<int:pk>/nothing/", together.NothingToAdd.as_view(), name="nothing_to_add"),
    path(f"{FAMILY}contribution/<int:pk>/still-right/", together.StillRight.as_view(), name="still_right"),
    path(f"{FAMILY}contribution/<int:pk>/leave-out/", together.LeaveOut.as_view(), name="leave_out"),
    path(f"{FAMILY}contribution/<int:pk>/propose/", together.Propose.as_view(), name="propose"),
    path(f"{FAMILY}contribution/<int:pk>/versions/", together.Versions.as_view(), name="contribution_versions"),
    path(f"{FAMILY}proposal/<int:pk>/", together.SeeProposal.as_view(), name="proposal"),
    path(f"{FAMILY}proposal/<int:pk>/take-back/", together.TakeBackProposal.as_view(), name="take_back_proposal"),
    path(f"{FAMILY}contribution/<int:pk>/", writing.ChangeContribution.as_view(), name="change_contribution"),
    path(f"{FAMILY}questions/", assessment.AskMore.as_view(), name="ask_more"),
    path(f"{FAMILY}finalise/", assessment.Finalise.as_view(), name="assessment_finalise"),
    path(f"{FAMILY}print/", assessment.PrintAssessment.as_view(), name="assessment_print"),
    path(f"{FAMILY}next/", assessment.OpenNext.as_view(), name="open_next"),
    path(f"{FAMILY}oversee/", assessment.Oversee.as_view(), name="oversee"),
    path(f"{FAMILY}check/", assessment.SelfCheck.as_view(), name="self_check"),
    path(f"{FAMILY}version/<int:pk>/", assessment.ReadAssessment.as_view(), name="assessment_version"),
    path(f"{FAMILY}version/<int:pk>/print/", assessment.PrintAssessment.as_view(), name="print_version"),
    path(f"{FAMILY}read/", assessment.ReadAssessment.as_view(), name="assessment_read"),
]
