"""`manage.py bootstrap`: the first owner and workspace, made once."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import connection

from webapp.accounts.models import User
from webapp.dashboards.bootstrap import bootstrap


class Command(BaseCommand):
    help = (
        "Make the first owner, workspace, taxonomy and serving model where they are missing; print a new password once."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        if User._meta.db_table not in connection.introspection.table_names():
            raise CommandError(
                "There are no tables yet where HEADWAY_HOME or DATABASE_URL leads: `manage.py migrate` makes them."
            )
        owner, password = bootstrap()
        self.stdout.write(f"owner     {owner.email}")
        if password:
            self.stdout.write(f"password  {password}   (shown this once)")
