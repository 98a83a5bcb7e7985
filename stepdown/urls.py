from django.urls import path

from stepdown.views import analysis, level, opening, printing, stepdown, stepup

ONE = "step-downs/<str:reference>/"

urlpatterns = [
    path("step-downs/", stepdown.StepDowns.as_view(), name="step_downs"),
    path("step-downs/numbers/", stepdown.Counts.as_view(), name="step_down_counts"),
    path("step-downs/open/", opening.StartOpening.as_view(), name="start_step_down"),
    path("step-downs/open/<uuid:draft>/", opening.OpenStepDown.as_view(), name="open_step_down"),
    path("families/<str:reference>/step-down/", stepdown.StepDownOfFamily.as_view(), name="step_down_of"),
    path("families/<str:reference>/step-down/pack/", printing.PrintPack.as_view(), name="print_pack"),
    path(
        "families/<str:reference>/step-down/letter/",
        printing.PrintHandoverLetter.as_view(),
        name="print_handover_letter",
    ),
    path("families/<str:reference>/level/", level.LevelOfHelp.as_view(), name="level_of_help"),
    path("families/<str:reference>/level/change/", level.RaiseLevel.as_view(), name="raise_level"),
    path("families/<str:reference>/level/overseer/", level.ChangeOverseer.as_view(), name="change_overseer"),
    path("families/<str:reference>/level/<int:pk>/", level.Countersign.as_view(), name="countersign_level"),
    path("families/<str:reference>/level/step-down/", level.StepDownWithin.as_view(), name="step_down_within"),
    path("families/<str:reference>/step-up/", stepup.StepUps.as_view(), name="step_ups"),
    path("families/<str:reference>/step-up/new/", stepup.MakeStepUp.as_view(), name="step_up"),
    path("families/<str:reference>/step-up/<int:pk>/", stepup.ShowStepUp.as_view(), name="show_step_up"),
    path("families/<str:reference>/step-up/<int:pk>/print/", stepup.PrintStepUp.as_view(), name="print_step_up"),
    path("families/<str:reference>/step-up/<int:pk>/sent/", stepup.SentStepUp.as_view(), name="sent_step_up"),
    path("families/<str:reference>/step-up/<int:pk>/back/", stepup.TakeBackStepUp.as_view(), name="take_back_step_up"),
    path("families/<str:reference>/step-up/<int:pk>/answer/", stepup.AnswerStepUp.as_view(), name="answer_step_up"),
    path(ONE, stepdown.ShowStepDown.as_view(), name="step_down"),
    path(f"{ONE}mine/", stepdown.Confirm.as_view(), name="confirm_step_down"),
    path(f"{ONE}step/<slug:code>/", stepdown.RecordStep.as_view(), name="record_step"),
    path(f"{ONE}panel/", stepdown.AgreeAtPanel.as_view(), name="agree_at_panel"),
    path(f"{ONE}analysis/", analysis.BringAnalysis.as_view(), name="bring_analysis"),
    path(f"{ONE}analysis/<int:pk>/", analysis.PlaceAnalysis.as_view(), name="place_analysis"),
    path(f"{ONE}analysis/<int:pk>/wrong-family/", analysis.TakeOutAnalysis.as_view(), name="take_out_analysis"),
    path(f"{ONE}route/", stepdown.ChooseRoute.as_view(), name="choose_route"),
    path(f"{ONE}without/<slug:code>/", stepdown.LeaveOut.as_view(), name="leave_out_step"),
    path(f"{ONE}exception/<slug:code>/", stepdown.AllowException.as_view(), name="allow_exception"),
    path(f"{ONE}steps/<int:pk>/back/", stepdown.TakeBackStep.as_view(), name="take_back_step"),
    path(f"{ONE}complete/", stepdown.Complete.as_view(), name="complete_step_down"),
    path(f"{ONE}stop/", stepdown.Stop.as_view(), name="stop_step_down"),
    path(f"{ONE}share/", stepdown.Share.as_view(), name="share_record"),
    path(f"{ONE}give/", stepdown.Give.as_view(), name="give_step_down"),
]
