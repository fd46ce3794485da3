"""`HEADWAY_HOME=NEW manage.py restore FOLDER`: a backup into an empty home, and the check that it is the same."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from webapp.core.backup import restore
from webapp.core.errors import DomainError


class Command(BaseCommand):
    help = "Bring rows and files of a backup into this home, and compare both by digest. Stop the product first."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("folder", type=Path)
        parser.add_argument("--replace", action="store_true", help="drop the rows of this home first")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            done = restore(options["folder"], replace=options["replace"])
        except DomainError as error:
            raise CommandError(error.detail) from error
        self.stdout.write(f"{done['rows']} rows and {done['files']} files are what was backed up.")
