from django.apps import AppConfig


class ExchangeConfig(AppConfig):
    name = "webapp.exchange"

    def ready(self) -> None:
        from webapp.exchange import receivers  # noqa: F401 - connects them
