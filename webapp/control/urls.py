"""Paths of this app under `/api/v1/`."""

from django.urls import path

from webapp.control import invitation_views, people_views, taxonomy_views, views

urlpatterns = [
    path("workspace/", people_views.WorkspaceRules.as_view()),
    path("members/", people_views.Members.as_view()),
    path("members/<int:pk>/", people_views.MemberDetail.as_view()),
    path("members/<int:pk>/second-factor/", people_views.MemberSecondFactor.as_view()),
    path("invitations/", invitation_views.Invitations.as_view()),
    path("invitations/<int:pk>/", invitation_views.InvitationDetail.as_view()),
    path("invitation/", invitation_views.Invited.as_view()),
    path("invitation/accept/", invitation_views.Accept.as_view()),
    path("acts/", views.Acts.as_view()),
    path("limits/", views.Limits.as_view()),
    path("storage/", views.Storage.as_view()),
    path("workers/", views.Workers.as_view()),
    path("all-tokens/", views.AllTokens.as_view()),
    path("all-tokens/people/<str:key>/", views.MemberToken.as_view()),
    path("all-tokens/devices/<int:pk>/", views.LiveDeviceToken.as_view()),
    path("footage-removals/", views.Removals.as_view()),
    path("footage-removals/<int:pk>/", views.RemovalDetail.as_view()),
    path("taxonomies/<int:pk>/changes/", taxonomy_views.TaxonomyChanges.as_view()),
    path("taxonomy-changes/<int:pk>/undo/", taxonomy_views.TaxonomyUndo.as_view()),
]
