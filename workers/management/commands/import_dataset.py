"""`manage.py import_dataset --format NAME PATH`: a labelled data set becomes a drive."""

from dataclasses import asdict
from functools import partial
from pathlib import Path
from typing import Any

from django.core.management.base import CommandError, CommandParser

from webapp.datasets.formats import known_formats, reader
from webapp.datasets.importing import category_mapping, import_labelled, survey
from webapp.taxonomy.services import preset_install
from workers.blurring import blurring_of
from workers.cli import ProductCommand, workspace_named

SHOWN = 20  # problems that the JSON line repeats; standard error has them all


class Command(ProductCommand):
    help = "Import pictures and labels as a new drive, whole or not at all. Prints one JSON line last."

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("path", type=Path, metavar="PATH")
        parser.add_argument("--format", required=True, help=f"one of {', '.join(known_formats())}")
        parser.add_argument("--drive", metavar="NAME", help="the folder's name unless given")
        parser.add_argument("--taxonomy", default="gdda13", metavar="PRESET")
        parser.add_argument(
            "--map", nargs="*", default=[], metavar="Name=category", help="what a source category is here"
        )
        parser.add_argument(
            "--ignore", nargs="*", default=[], metavar="Name", help="source categories that become ignore regions"
        )
        parser.add_argument("--dry-run", action="store_true", help="read and check, write nothing")

    def handle(self, *args: Any, **options: Any) -> None:
        workspace = workspace_named(options["workspace"])
        path: Path = options["path"]
        if not path.exists():
            raise CommandError(f"There is no file or folder '{path}'.")
        read = partial(reader(options["format"]), path)
        found = survey(read)
        taxonomy = preset_install(workspace, options["taxonomy"])
        mapped = dict(_pair(text) for text in options["map"])
        categories = category_mapping(found.by_category, taxonomy, mapped=mapped, ignored=frozenset(options["ignore"]))
        mapping = {name: ours.name if ours else None for name, ours in categories.items()}
        if options["dry_run"]:
            self.summarise(
                {
                    "dry_run": True,
                    "frames": found.frames,
                    "boxes": found.boxes,
                    "mapping": mapping,
                    "problems": len(found.problems),
                    "why": found.problems[:SHOWN],
                }
            )
            return
        drive, report = import_labelled(
            read,
            workspace=workspace,
            taxonomy=taxonomy,
            drive_name=options["drive"] or path.resolve().stem,
            categories=categories,
            alter=blurring_of(workspace, taxonomy),
        )
        for problem in report.problems:
            self.stderr.write(problem)
        told = {**asdict(report), "problems": len(report.problems), "why": report.problems[:SHOWN]}
        self.summarise({"drive": drive.id, "name": drive.name, **told, "mapping": mapping})


def _pair(text: str) -> tuple[str, str]:
    name, equals, ours = text.partition("=")
    if not equals:
        raise CommandError(f"--map wants Name=category, not '{text}'")
    return name, ours
