"""Paths of this app under `/api/v1/`."""

from django.urls import path

from webapp.datasets import views

urlpatterns = [
    path("datasets/", views.DatasetList.as_view()),
    path("datasets/<int:pk>/", views.DatasetDetail.as_view()),
    path("datasets/<int:pk>/versions/", views.VersionList.as_view()),
    path("dataset-versions/<int:pk>/", views.VersionDetail.as_view()),
    path("dataset-versions/<int:pk>/coco/", views.VersionCoco.as_view()),
    path("dataset-versions/<int:pk>/images/", views.VersionImages.as_view()),
    path("dataset-versions/<int:pk>/links/", views.VersionLinks.as_view()),
]
