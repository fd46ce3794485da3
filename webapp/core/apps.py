from django.apps import AppConfig
from django.db.backends.signals import connection_created

from webapp.core.turns import take_turns


class CoreConfig(AppConfig):
    name = "webapp.core"

    def ready(self) -> None:
        connection_created.connect(take_turns, dispatch_uid="webapp.core.turns")
