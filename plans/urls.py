from django.urls import path

from plans import views

FAMILY = "families/<str:reference>/plan/"

urlpatterns = [
    path(FAMILY, views.ShowPlan.as_view(), name="plan"),
    path(f"{FAMILY}outcomes/add/", views.AddOutcome.as_view(), name="add_outcome"),
    path(f"{FAMILY}outcomes/<int:pk>/", views.ChangeOutcome.as_view(), name="change_outcome"),
    path(f"{FAMILY}outcomes/<int:pk>/remove/", views.RemoveOutcome.as_view(), name="remove_outcome"),
    path(f"{FAMILY}outcomes/<int:pk>/actions/add/", views.AddAction.as_view(), name="add_action"),
    path(f"{FAMILY}actions/<int:pk>/", views.ChangeAction.as_view(), name="change_action"),
    path(f"{FAMILY}actions/<int:pk>/status/", views.SetActionStatus.as_view(), name="set_action_status"),
    path(f"{FAMILY}actions/<int:pk>/remove/", views.RemoveAction.as_view(), name="remove_action"),
    path(f"{FAMILY}agree/", views.AgreePlan.as_view(), name="agree_plan"),
    path(f"{FAMILY}review/", views.HoldReview.as_view(), name="hold_review"),
    path(f"{FAMILY}review/move/", views.MoveReview.as_view(), name="move_review"),
    path(f"{FAMILY}reviews/<int:pk>/", views.ShowReview.as_view(), name="review"),
    path(f"{FAMILY}print/", views.PrintPlan.as_view(), name="print_plan"),
]
