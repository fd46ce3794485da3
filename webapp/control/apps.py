from django.apps import AppConfig


class ControlConfig(AppConfig):
    name = "webapp.control"

    def ready(self) -> None:
        from webapp.control import receivers  # noqa: F401  # listens once it is imported
