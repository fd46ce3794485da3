"""Paths of this app under `/api/v1/`."""

from django.urls import path

from webapp.footage import upload_views, views

urlpatterns = [
    path("uploads/", upload_views.UploadCreate.as_view(), name="uploads"),
    path("uploads/<uuid:pk>", upload_views.UploadDetail.as_view(), name="upload"),
    path("drives/", views.DriveList.as_view()),
    path("drives/<int:pk>/", views.DriveDetail.as_view()),
    path("clips/", views.ClipList.as_view()),
    path("clips/<int:pk>/", views.ClipDetail.as_view()),
    path("clips/<int:pk>/retry/", views.ClipRetry.as_view()),
    path("frames/", views.FrameList.as_view()),
    path("frames/<int:pk>/image", views.FramePicture.as_view()),
    path("frames/<int:pk>/thumbnail", views.FrameThumbnail.as_view()),
]
