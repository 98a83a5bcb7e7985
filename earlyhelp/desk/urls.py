from django.urls import path

from earlyhelp.desk.views import procedure

urlpatterns = [
    path("settings/procedure/", procedure.Procedures.as_view(), name="procedures"),
    path("settings/procedure/change/", procedure.ChangeProcedure.as_view(), name="change_procedure"),
    path("settings/procedure/<int:number>/", procedure.ShowProcedure.as_view(), name="procedure"),
    path("settings/procedure/<int:number>/download/", procedure.DownloadProcedure.as_view(), name="download_procedure"),
    path("settings/words/", procedure.LocalWords.as_view(), name="local_words"),
]
