from django.apps import AppConfig


class AutoAcceptConfig(AppConfig):
    name = "webapp.autoaccept"
