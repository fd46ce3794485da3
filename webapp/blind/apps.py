from django.apps import AppConfig


class BlindConfig(AppConfig):
    name = "webapp.blind"
