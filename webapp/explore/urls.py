"""Paths of this app under `/api/v1/`."""

from django.urls import path

from webapp.explore import views

urlpatterns = [
    path("explore/frames/", views.GalleryFrames.as_view()),
    path("explore/crops/", views.GalleryCrops.as_view()),
    path("explore/histograms/", views.Histograms.as_view()),
]
