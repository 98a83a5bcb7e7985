from django.urls import path

from assessments.views import assessment, sections

FAMILY = "families/<str:reference>/assessment/"
urlpatterns = [
    path(FAMILY, assessment.AssessmentPage.as_view(), name="assessment"),
    path(f"{FAMILY}start/", assessment.StartAssessment.as_view(), name="start_assessment"),
    path(f"{FAMILY}section/<int:pk>/", sections.WriteSection.as_view(), name="assessment_section"),
    path(f"{FAMILY}child/<int:person>/", sections.WriteAboutChild.as_view(), name="assessment_child"),
    path(f"{FAMILY}contribute/", sections.Contribute.as_view(), name="assessment_contribute"),
    path(f"{FAMILY}finalise/", assessment.Finalise.as_view(), name="assessment_finalise"),
    path(f"{FAMILY}print/", assessment.PrintAssessment.as_view(), name="assessment_print"),
    path(f"{FAMILY}read/", assessment.ReadAssessment.as_view(), name="assessment_read"),
]
