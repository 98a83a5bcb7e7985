from django.urls import path

from assessments import views

FAMILY = "families/<str:reference>/assessment/"
urlpatterns = [
    path(FAMILY, views.AssessmentPage.as_view(), name="assessment"),
    path(f"{FAMILY}start/", views.StartAssessment.as_view(), name="start_assessment"),
    path(f"{FAMILY}section/<int:pk>/", views.WriteSection.as_view(), name="assessment_section"),
    path(f"{FAMILY}child/<int:person>/", views.WriteAboutChild.as_view(), name="assessment_child"),
    path(f"{FAMILY}contribute/", views.Contribute.as_view(), name="assessment_contribute"),
    path(f"{FAMILY}finalise/", views.Finalise.as_view(), name="assessment_finalise"),
    path(f"{FAMILY}print/", views.PrintAssessment.as_view(), name="assessment_print"),
    path(f"{FAMILY}read/", views.ReadAssessment.as_view(), name="assessment_read"),
]
