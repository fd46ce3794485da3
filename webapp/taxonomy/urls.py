"""Paths of this app under `/api/v1/`."""

from django.urls import path

from webapp.taxonomy import views

urlpatterns = [path("taxonomies/", views.TaxonomyList.as_view())]
