"""Paths of this app under `/api/v1/`."""

from django.urls import path

from webapp.consensus import views

urlpatterns = [
    path("disagreements/", views.Disagreements.as_view()),
    path("disagreements/<int:pk>/verdict/", views.DisagreementVerdict.as_view()),
    path("audit/agreement/", views.Agreement.as_view()),
]
