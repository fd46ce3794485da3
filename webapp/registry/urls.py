"""Paths of this app under `/api/v1/`."""

from django.urls import path

from webapp.registry import views

urlpatterns = [
    path("models/", views.ModelList.as_view()),
    path("models/<int:pk>/", views.ModelDetail.as_view()),
]
