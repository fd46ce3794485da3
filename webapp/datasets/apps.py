from django.apps import AppConfig


class DatasetsConfig(AppConfig):
    name = "webapp.datasets"

    def ready(self) -> None:
        from webapp.datasets import receivers  # noqa: F401 - connects them
