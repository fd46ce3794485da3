"""Paths of this app under `/api/v1/`."""

from django.urls import path

from webapp.risk import views

urlpatterns = [
    path("risk-models/", views.RiskModelList.as_view()),
    path("risk-models/<int:pk>/", views.RiskModelDetail.as_view()),
    path("risk-scores/", views.RiskScores.as_view()),
    path("audit-curve/", views.AuditCurve.as_view()),
    path("drives/<int:pk>/audit-curve/", views.DriveAuditCurve.as_view()),
    path("drives/<int:pk>/missed-estimate/", views.DriveMissed.as_view()),
]
