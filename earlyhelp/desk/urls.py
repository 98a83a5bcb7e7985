from django.urls import path

from earlyhelp.desk.views import calendar, people, places, procedure

urlpatterns = [
    path("settings/agencies/", places.Agencies.as_view(), name="agencies"),
    path("settings/agencies/add/", places.AddAgency.as_view(), name="add_agency"),
    path("settings/agencies/<int:pk>/", places.ShowAgency.as_view(), name="agency"),
    path("settings/agencies/<int:pk>/change/", places.ChangeAgency.as_view(), name="change_agency"),
    path("settings/agencies/<int:pk>/teams/add/", places.AddTeam.as_view(), name="add_team"),
    path("settings/areas/", places.Localities.as_view(), name="localities"),
    path("settings/areas/add/", places.AddLocality.as_view(), name="add_locality"),
    path("settings/areas/<int:pk>/", places.ChangeLocality.as_view(), name="change_locality"),
    path("settings/areas/districts/", places.Districts.as_view(), name="districts"),
    path("settings/areas/districts/<int:pk>/remove/", places.RemoveDistrict.as_view(), name="remove_district"),
    path("settings/people/", people.People.as_view(), name="accounts"),
    path("settings/people/invite/", people.Invite.as_view(), name="invite_account"),
    path("settings/people/invite/list/", people.InviteMany.as_view(), name="invite_many"),
    path("settings/people/<int:pk>/", people.ShowPerson.as_view(), name="account"),
    path("settings/people/<int:pk>/change/", people.ChangeAccount.as_view(), name="change_account"),
    path("settings/people/<int:pk>/role/", people.GiveRole.as_view(), name="give_role"),
    path("settings/people/<int:pk>/role/<int:role>/end/", people.EndRole.as_view(), name="end_role"),
    path("settings/people/<int:pk>/off/", people.SwitchOff.as_view(), name="switch_off"),
    path("settings/people/<int:pk>/on/", people.SwitchOn.as_view(), name="switch_on"),
    path("settings/people/<int:pk>/invite/", people.InviteAgain.as_view(), name="invite_again"),
    path("settings/calendar/", calendar.Calendar.as_view(), name="calendar"),
    path("settings/calendar/add/", calendar.AddClosure.as_view(), name="add_closure"),
    path("settings/calendar/<int:pk>/remove/", calendar.RemoveClosure.as_view(), name="remove_closure"),
    path("settings/procedure/", procedure.Procedures.as_view(), name="procedures"),
    path("settings/procedure/change/", procedure.ChangeProcedure.as_view(), name="change_procedure"),
    path("settings/procedure/<int:number>/", procedure.ShowProcedure.as_view(), name="procedure"),
    path("settings/procedure/<int:number>/download/", procedure.DownloadProcedure.as_view(), name="download_procedure"),
    path("settings/words/", procedure.LocalWords.as_view(), name="local_words"),
]
