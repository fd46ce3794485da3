"""Paths of this app under `/api/v1/`."""

from django.urls import path

from webapp.audit import views

urlpatterns = [
    path("audit/claim/", views.Claim.as_view()),
    path("audit/heartbeat/", views.Heartbeat.as_view()),
    path("audit/release/", views.Release.as_view()),
    path("audit/summary/", views.Summary.as_view()),
    path("audit-bound/", views.SetBound.as_view()),
    path("drives/<int:pk>/audit-bound/", views.DriveAuditBound.as_view()),
]
