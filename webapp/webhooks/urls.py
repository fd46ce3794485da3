"""Paths of this app under `/api/v1/`."""

from django.urls import path

from webapp.webhooks import views

urlpatterns = [
    path("webhooks/", views.Webhooks.as_view()),
    path("webhooks/<int:pk>/", views.WebhookDetail.as_view()),
    path("webhooks/<int:pk>/secret/", views.WebhookSecret.as_view()),
    path("webhooks/<int:pk>/ping/", views.WebhookPing.as_view()),
    path("webhook-deliveries/", views.Deliveries.as_view()),
    path("webhook-deliveries/<uuid:pk>/repeat/", views.DeliveryRepeat.as_view()),
]
