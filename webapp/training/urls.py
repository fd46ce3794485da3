"""Paths of this app under `/api/v1/`."""

from django.urls import path

from webapp.training import views

urlpatterns = [
    path("training-methods/", views.MethodList.as_view()),
    path("training-runs/", views.RunList.as_view()),
    path("training-runs/estimate/", views.RunEstimate.as_view()),
    path("training-runs/<int:pk>/", views.RunDetail.as_view()),
    path("training-runs/<int:pk>/metrics/", views.RunMetrics.as_view()),
    path("training-runs/<int:pk>/log/", views.RunLog.as_view()),
    path("training-runs/<int:pk>/resume/", views.RunResume.as_view()),
]
