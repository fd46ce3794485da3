"""Paths of this app under `/api/v1/`."""

from django.urls import path

from webapp.datasets import version_views, views

urlpatterns = [
    path("datasets/", views.DatasetList.as_view()),
    path("datasets/<int:pk>/", views.DatasetDetail.as_view()),
    path("datasets/<int:pk>/versions/", views.VersionList.as_view()),
    path("dataset-versions/<int:pk>/", views.VersionDetail.as_view()),
    path("dataset-versions/<int:pk>/coco/", views.VersionCoco.as_view()),
    path("dataset-versions/<int:pk>/images/", views.VersionImages.as_view()),
    path("dataset-versions/<int:pk>/links/", views.VersionLinks.as_view()),
    path("dataset-versions/<int:pk>/card/", version_views.VersionCard.as_view()),
    path("dataset-versions/<int:pk>/audit-bound/", version_views.VersionBound.as_view()),
    path("dataset-versions/<int:pk>/lineage/", version_views.VersionLineage.as_view()),
    path("dataset-versions/<int:pk>/comparison/", version_views.VersionComparison.as_view()),
    path("dataset-versions/<int:pk>/comparison/frames/", version_views.VersionComparisonFrames.as_view()),
    path("datasets/<int:pk>/splits/", version_views.DatasetSplits.as_view()),
]
