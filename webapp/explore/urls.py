"""Paths of this app under `/api/v1/`."""

from django.urls import path

from webapp.explore import slice_views, views

urlpatterns = [
    path("explore/frames/", views.GalleryFrames.as_view()),
    path("explore/crops/", views.GalleryCrops.as_view()),
    path("explore/histograms/", views.Histograms.as_view()),
    path("explore/similar/", slice_views.Similar.as_view()),
    path("explore/features/", slice_views.Features.as_view()),
    path("slices/", slice_views.SliceList.as_view()),
    path("slices/<int:pk>/", slice_views.SliceDetail.as_view()),
]
