"""Paths of this app under `/api/v1/`."""

from django.urls import path

from webapp.jobs import views

urlpatterns = [
    path("jobs/", views.JobList.as_view()),
    path("jobs/<uuid:pk>/", views.JobDetail.as_view()),
    path("jobs/<uuid:pk>/logs/", views.JobLogs.as_view()),
    path("jobs/<uuid:pk>/cancel/", views.JobCancel.as_view()),
    path("jobs/<uuid:pk>/retry/", views.JobRetry.as_view()),
]
