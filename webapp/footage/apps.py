from django.apps import AppConfig


class FootageConfig(AppConfig):
    name = "webapp.footage"

    def ready(self) -> None:
        from webapp.footage import receivers  # noqa: F401 - connects them
