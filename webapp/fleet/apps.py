from django.apps import AppConfig


class FleetConfig(AppConfig):
    name = "webapp.fleet"

    def ready(self) -> None:
        from webapp.fleet import authentication, receivers  # noqa: F401 - connects them
