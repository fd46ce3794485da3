"""Paths of this app under `/api/v1/`."""

from django.urls import path

from webapp.review import views

urlpatterns = [
    path("frames/<int:pk>/threads/", views.FrameThreads.as_view()),
    path("frames/<int:pk>/reviews/", views.FrameReviews.as_view()),
    path("threads/", views.Threads.as_view()),
    path("threads/<int:pk>/comments/", views.ThreadComments.as_view()),
    path("threads/<int:pk>/resolve/", views.ThreadResolve.as_view()),
    path("comments/<int:pk>/", views.CommentText.as_view()),
    path("review-summary/", views.ReviewSummary.as_view()),
    path("review-frames/", views.ReviewFrames.as_view()),
]
