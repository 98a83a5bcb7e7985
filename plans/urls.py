from django.urls import path

from plans.views import ending, meetings, outcomes, plan, reviews

FAMILY = "families/<str:reference>/plan/"

urlpatterns = [
    path("families/<str:reference>/end/", ending.EndEpisode.as_view(), name="end_episode"),
    path(FAMILY, plan.ShowPlan.as_view(), name="plan"),
    path(f"{FAMILY}outcomes/add/", outcomes.AddOutcome.as_view(), name="add_outcome"),
    path(f"{FAMILY}outcomes/<int:pk>/", outcomes.ChangeOutcome.as_view(), name="change_outcome"),
    path(f"{FAMILY}outcomes/<int:pk>/remove/", outcomes.RemoveOutcome.as_view(), name="remove_outcome"),
    path(f"{FAMILY}outcomes/<int:pk>/actions/add/", outcomes.AddAction.as_view(), name="add_action"),
    path(f"{FAMILY}actions/<int:pk>/", outcomes.ChangeAction.as_view(), name="change_action"),
    path(f"{FAMILY}actions/<int:pk>/status/", outcomes.SetActionStatus.as_view(), name="set_action_status"),
    path(f"{FAMILY}actions/<int:pk>/remove/", outcomes.RemoveAction.as_view(), name="remove_action"),
    path(f"{FAMILY}agree/", plan.AgreePlan.as_view(), name="agree_plan"),
    path(f"{FAMILY}review/", reviews.HoldReview.as_view(), name="hold_review"),
    path(f"{FAMILY}pick-up/", reviews.PickUp.as_view(), name="pick_up_plan"),
    path(f"{FAMILY}review/move/", reviews.MoveReview.as_view(), name="move_review"),
    path(f"{FAMILY}reviews/<int:pk>/", reviews.ShowReview.as_view(), name="review"),
    path(f"{FAMILY}meetings/arrange/", meetings.Arrange.as_view(), name="arrange_meeting"),
    path(f"{FAMILY}meetings/record/", meetings.RecordMeeting.as_view(), name="record_meeting"),
    path(f"{FAMILY}meetings/<int:pk>/", meetings.ShowMeeting.as_view(), name="meeting"),
    path(f"{FAMILY}meetings/<int:pk>/change/", meetings.ChangeMeeting.as_view(), name="change_meeting"),
    path(f"{FAMILY}meetings/<int:pk>/off/", meetings.CallOff.as_view(), name="call_off_meeting"),
    path(f"{FAMILY}meetings/<int:pk>/back/", meetings.TakeBackMeeting.as_view(), name="take_back_meeting"),
    path(f"{FAMILY}meetings/<int:pk>/record/", meetings.RecordArranged.as_view(), name="record_arranged"),
    path(f"{FAMILY}print/", plan.PrintPlan.as_view(), name="print_plan"),
]
