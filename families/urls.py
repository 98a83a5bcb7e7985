from django.urls import path

from families.models import ContactAttempt, Document, Note
from families.views import answering, areas, asking, checking, errors, leaving, notes, people, requests, services

urlpatterns = [
    path("requests/", requests.Requests.as_view(), name="requests"),
    path("requests/new/", asking.StartRequest.as_view(), name="start_request"),
    path("requests/new/significant-harm/", asking.SignificantHarm.as_view(), name="request_harm"),
    path("requests/new/carry-over/", asking.CarryOver.as_view(), name="carry_over"),
    path("requests/new/own-service/record/", asking.RecordOwnOffer.as_view(), name="record_own_offer"),
    path("requests/new/details/", asking.StartDetails.as_view(), name="start_details"),
    path("requests/new/details/<uuid:draft>/", asking.MakeRequest.as_view(), name="make_request"),
    path("requests/check/", checking.CheckRecord.as_view(), name="check_record"),
    path("requests/<str:reference>/", requests.ShowRequest.as_view(), name="request"),
    path("requests/<str:reference>/sent/", requests.RequestSent.as_view(), name="request_sent"),
    path("requests/<str:reference>/accept/", answering.AcceptRequest.as_view(), name="accept_request"),
    path("requests/<str:reference>/accept/<str:into>/", answering.AcceptInto.as_view(), name="accept_into"),
    path(
        "requests/<str:reference>/accept/<str:into>/<int:agency>/",
        answering.AcceptIntoBy.as_view(),
        name="accept_into_by",
    ),
    path("requests/<str:reference>/join/<str:into>/", answering.JoinRequest.as_view(), name="join_request"),
    path("requests/<str:reference>/answer/", answering.AnswerRequest.as_view(), name="answer_request"),
    path("families/<str:reference>/people/", people.People.as_view(), name="people"),
    path("families/<str:reference>/name/", areas.Rename.as_view(), name="rename_family"),
    path("families/<str:reference>/area/", areas.MoveArea.as_view(), name="move_area"),
    path("families/<str:reference>/people/add/", people.AddPerson.as_view(), name="add_person"),
    path("families/<str:reference>/people/<int:pk>/", people.ChangePerson.as_view(), name="change_person"),
    path("families/<str:reference>/people/waiting/<int:pk>/", people.DecideChange.as_view(), name="decide_change"),
    path("families/<str:reference>/people/<int:pk>/more/", people.MoreAbout.as_view(), name="more_about"),
    path("families/<str:reference>/people/<int:pk>/left/", leaving.Leave.as_view(), name="person_left"),
    path("families/<str:reference>/people/<int:pk>/back/", leaving.ComeBack.as_view(), name="person_back"),
    path("families/<str:reference>/people/<int:pk>/related/", people.Relate.as_view(), name="relate"),
    path(
        "families/<str:reference>/people/<int:pk>/contact/",
        people.AddContactDetail.as_view(),
        name="add_contact_detail",
    ),
    path("families/<str:reference>/relations/<int:pk>/remove/", people.Unrelate.as_view(), name="unrelate"),
    path("families/<str:reference>/contacts/<int:pk>/", people.ChangeContactDetail.as_view(), name="change_contact"),
    path(
        "families/<str:reference>/contacts/<int:pk>/retire/",
        people.RetireContactDetail.as_view(),
        name="retire_contact",
    ),
    path("families/<str:reference>/address/", people.AddAddress.as_view(), name="add_address"),
    path("families/<str:reference>/address/<int:pk>/", people.ChangeAddress.as_view(), name="change_address"),
    path("families/<str:reference>/address/<int:pk>/retire/", people.RetireAddress.as_view(), name="retire_address"),
    path("families/<str:reference>/contact/", people.RecordContact.as_view(), name="record_contact"),
    path("families/<str:reference>/notes/", notes.Notes.as_view(), name="notes"),
    path("families/<str:reference>/notes/write/", notes.WriteNote.as_view(), name="write_note"),
    path("families/<str:reference>/notes/<int:pk>/add/", notes.AddToNote.as_view(), name="add_to_note"),
    path("families/<str:reference>/services/", services.Services.as_view(), name="services"),
    path("families/<str:reference>/services/ask/", services.ChooseService.as_view(), name="ask_service"),
    path(
        "families/<str:reference>/services/ask/<slug:service>/", services.AskService.as_view(), name="ask_service_for"
    ),
    path("families/<str:reference>/services/<int:pk>/", services.AnswerService.as_view(), name="answer_service"),
    path("families/<str:reference>/documents/", notes.Documents.as_view(), name="documents"),
    path("families/<str:reference>/documents/file/", notes.FileDocument.as_view(), name="file_document"),
    path("families/<str:reference>/documents/<int:pk>/", notes.OpenDocument.as_view(), name="open_document"),
    path(
        "families/<str:reference>/notes/<int:pk>/wrong-family/",
        errors.FileInError.as_view(model=Note),
        name="note_in_error",
    ),
    path(
        "families/<str:reference>/documents/<int:pk>/wrong-family/",
        errors.FileInError.as_view(model=Document),
        name="document_in_error",
    ),
    path(
        "families/<str:reference>/contacts/<int:pk>/wrong-family/",
        errors.FileInError.as_view(model=ContactAttempt),
        name="contact_in_error",
    ),
]
