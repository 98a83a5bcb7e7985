from django.urls import path

from assessments.views import assessment, writing

FAMILY = "families/<str:reference>/assessment/"
urlpatterns = [
    path(FAMILY, assessment.AssessmentPage.as_view(), name="assessment"),
    path(f"{FAMILY}start/", assessment.StartAssessment.as_view(), name="start_assessment"),
    path(f"{FAMILY}part/<str:part>/", writing.WritePart.as_view(), name="assessment_part"),
    path(f"{FAMILY}part/<str:part>/<int:person>/", writing.WriteAbout.as_view(), name="assessment_about"),
    path(f"{FAMILY}contribution/<int:pk>/", writing.ChangeContribution.as_view(), name="change_contribution"),
    path(f"{FAMILY}questions/", assessment.AskMore.as_view(), name="ask_more"),
    path(f"{FAMILY}finalise/", assessment.Finalise.as_view(), name="assessment_finalise"),
    path(f"{FAMILY}print/", assessment.PrintAssessment.as_view(), name="assessment_print"),
    path(f"{FAMILY}read/", assessment.ReadAssessment.as_view(), name="assessment_read"),
]
