"""Paths of this app under `/api/v1/`."""

from django.urls import path

from webapp.team import views

urlpatterns = [
    path("people/", views.People.as_view()),
    path("team/", views.Team.as_view()),
    path("decisions/", views.Decisions.as_view()),
    path("presence/", views.PresentPeople.as_view()),
    path("assignments/", views.Assignments.as_view()),
    path("assignments/<int:pk>/end/", views.AssignmentEnd.as_view()),
]
