"""Paths of this app under `/api/v1/`."""

from django.urls import path

from webapp.dashboards import views

urlpatterns = [
    path("overview/", views.Overview.as_view()),
    path("figures/", views.Figures.as_view()),
    path("figures.csv", views.FiguresCsv.as_view()),
    path("ledger/", views.Ledger.as_view()),
    path("digest/", views.Digest.as_view()),
]
