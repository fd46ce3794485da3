"""Paths of this app under `/api/v1/`."""

from django.urls import path

from webapp.edge import look_views, views

urlpatterns = [
    path("edge-figures/", views.EdgeFigures.as_view()),
    path("edge-exports/", views.EdgeExportList.as_view()),
    path("edge-exports/<int:pk>/", views.EdgeExportDetail.as_view()),
    path("edge-exports/<int:pk>/manifest/", views.EdgeExportManifest.as_view()),
    path("edge-exports/<int:pk>/network/", views.EdgeExportNetwork.as_view()),
    path("edge-exports/<int:pk>/file/", views.EdgeExportFile.as_view()),
    path("model-looks/", look_views.ModelLookList.as_view()),
    path("model-looks/<int:pk>/", look_views.ModelLookDetail.as_view()),
]
