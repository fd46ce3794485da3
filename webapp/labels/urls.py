"""Paths of this app under `/api/v1/`."""

from django.urls import path

from webapp.labels import track_views, views

urlpatterns = [
    path("crops/", views.Crops.as_view()),
    path("operations/", views.RecentOperations.as_view()),
    path("frames/<int:pk>/", views.FrameDetail.as_view()),
    path("frames/<int:pk>/operations/", views.FrameOperations.as_view()),
    path("frames/<int:pk>/events/", views.FrameEvents.as_view()),
    path("frames/<int:pk>/label-sources/", views.FrameLabelSources.as_view()),
    path("frames/<int:pk>/comparison/", views.FrameComparison.as_view()),
    path("tracks/", track_views.Tracks.as_view()),
    path("tracks/<int:pk>/", track_views.TrackDetail.as_view()),
    path("tracks/<int:pk>/operations/", track_views.TrackOperations.as_view()),
]
