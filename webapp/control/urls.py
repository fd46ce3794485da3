"""Paths of this app under `/api/v1/`."""

from django.urls import path

from webapp.control import taxonomy_views, views

urlpatterns = [
    path("acts/", views.Acts.as_view()),
    path("limits/", views.Limits.as_view()),
    path("storage/", views.Storage.as_view()),
    path("all-tokens/", views.AllTokens.as_view()),
    path("all-tokens/people/<str:key>/", views.MemberToken.as_view()),
    path("all-tokens/devices/<int:pk>/", views.LiveDeviceToken.as_view()),
    path("footage-removals/", views.Removals.as_view()),
    path("footage-removals/<int:pk>/", views.RemovalDetail.as_view()),
    path("taxonomies/<int:pk>/changes/", taxonomy_views.TaxonomyChanges.as_view()),
    path("taxonomy-changes/<int:pk>/undo/", taxonomy_views.TaxonomyUndo.as_view()),
]
