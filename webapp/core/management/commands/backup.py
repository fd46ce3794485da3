"""`manage.py backup FOLDER`: rows, files and the signing key; the second time only what is new."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from webapp.core.backup import backup_write
from webapp.core.errors import DomainError


class Command(BaseCommand):
    help = "Write all rows and files into a folder. The product may go on running."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("folder", type=Path)

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            manifest = backup_write(options["folder"])
        except DomainError as error:
            raise CommandError(error.detail) from error
        rows = sum(table["rows"] for table in manifest["rows"].values())
        self.stdout.write(
            f"{rows} rows and {manifest['files']} files ({manifest['bytes']} bytes) in {options['folder']}"
        )
