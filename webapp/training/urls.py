"""Paths of this app under `/api/v1/`."""

from django.urls import path

from webapp.training import views

urlpatterns = [
    path("training-methods/", views.MethodList.as_view()),
    path("training-comparisons/", views.ComparisonList.as_view()),
    path("training-comparisons/<int:pk>/", views.ComparisonDetail.as_view()),
    path("training-comparisons/<int:pk>/standings/", views.ComparisonStandings.as_view()),
    path("training-comparisons/<int:pk>/cancel/", views.ComparisonCancel.as_view()),
    path("training-comparisons/<int:pk>/retry/", views.ComparisonRetry.as_view()),
    path("training-runs/", views.RunList.as_view()),
    path("training-runs/estimate/", views.RunEstimate.as_view()),
    path("training-runs/<int:pk>/", views.RunDetail.as_view()),
    path("training-runs/<int:pk>/metrics/", views.RunMetrics.as_view()),
    path("training-runs/<int:pk>/log/", views.RunLog.as_view()),
    path("training-runs/<int:pk>/resume/", views.RunResume.as_view()),
    path("training-runs/<int:pk>/predictions/", views.RunPredictions.as_view()),
    path("training-predictions/<int:pk>/", views.PredictionSetDetail.as_view()),
]
