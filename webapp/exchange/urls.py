"""Paths of this app under `/api/v1/`."""

from django.urls import path

from webapp.exchange import views

urlpatterns = [
    path("formats/", views.FormatList.as_view()),
    path("label-imports/", views.LabelImportList.as_view()),
    path("label-imports/<int:pk>/", views.LabelImportDetail.as_view()),
    path("label-imports/<int:pk>/survey/", views.LabelImportSurvey.as_view()),
    path("label-imports/<int:pk>/run/", views.LabelImportRun.as_view()),
    path("label-imports/<int:pk>/preview/<int:number>/", views.LabelImportPreview.as_view()),
    path("label-imports/<int:pk>/problems/", views.LabelImportProblems.as_view()),
    path("dataset-versions/<int:pk>/exports/", views.VersionExportList.as_view()),
    path("version-exports/<int:pk>/file/", views.VersionExportFile.as_view()),
]
