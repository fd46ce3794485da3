"""`manage.py bootstrap`: the first owner and workspace, made once."""

from typing import Any

from django.core.management.base import BaseCommand

from webapp.dashboards.bootstrap import bootstrap


class Command(BaseCommand):
    help = (
        "Make the first owner, workspace, taxonomy and serving model where they are missing; print a new password once."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        owner, password = bootstrap()
        self.stdout.write(f"owner     {owner.email}")
        if password:
            self.stdout.write(f"password  {password}   (shown this once)")
