"""Paths of this app under `/api/v1/`."""

from django.urls import path

from webapp.accounts import views

urlpatterns = [
    path("me/", views.Me.as_view()),
    path("me/keys/", views.Keys.as_view()),
    path("me/second-factor.svg", views.SecondFactorPicture.as_view()),
    path("tokens/", views.Tokens.as_view()),
    path("tokens/<str:key>/", views.Token.as_view()),
]
