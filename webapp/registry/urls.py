"""Paths of this app under `/api/v1/`."""

from django.urls import path

from webapp.registry import views

urlpatterns = [
    path("models/", views.ModelList.as_view()),
    path("models/<int:pk>/", views.ModelDetail.as_view()),
    path("models/<int:pk>/download/", views.ModelDownload.as_view()),
    path("models/<int:pk>/promote/", views.ModelPromote.as_view()),
    path("promotions/", views.Promotions.as_view()),
    path("evaluations/", views.EvaluationList.as_view()),
    path("evaluations/compare/", views.EvaluationCompare.as_view()),
    path("evaluations/<int:pk>/", views.EvaluationDetail.as_view()),
    path("evaluations/<int:pk>/report/", views.EvaluationReport.as_view()),
]
