"""Paths of this app under `/api/v1/`."""

from django.urls import path

from webapp.blind import views

urlpatterns = [
    path("audit/mix/", views.Mix.as_view()),
    path("audit/sensitivity/", views.Sensitivity.as_view()),
    path("gold-frames/", views.GoldFrames.as_view()),
    path("frames/<int:pk>/gold/", views.FrameGold.as_view()),
]
