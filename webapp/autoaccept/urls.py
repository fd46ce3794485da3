"""Paths of this app under `/api/v1/`."""

from django.urls import path

from webapp.autoaccept import views

urlpatterns = [path("drives/<int:pk>/auto-accept/", views.DriveAutoAccept.as_view())]
