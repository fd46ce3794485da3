"""`manage.py export_dataset VERSION --format coco --out DIR`: a frozen version as files."""

from pathlib import Path
from typing import Any

from django.core.management.base import CommandError, CommandParser

from webapp.datasets.exporting import write_pictures, write_version
from webapp.datasets.formats import known_formats
from webapp.datasets.models import DatasetVersion
from webapp.datasets.selectors import versions_of
from workers.cli import ProductCommand, workspace_named


class Command(ProductCommand):
    help = "Write a frozen version's labels and pictures into a folder. Prints one JSON line last."

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("version", metavar="VERSION", help="its id, or dataset-name/number")
        parser.add_argument("--format", default="coco", help=f"one of {', '.join(known_formats())}")
        parser.add_argument("--out", type=Path, required=True, metavar="DIR")
        parser.add_argument("--no-images", action="store_true", help="labels only")

    def handle(self, *args: Any, **options: Any) -> None:
        version = chosen_version(workspace_named(options["workspace"]), options["version"])
        out: Path = options["out"]
        out.mkdir(parents=True, exist_ok=True)
        files, images = [], 0
        for split in version.summary["splits"]:
            files += [str(path.relative_to(out)) for path in write_version(version, split, options["format"], out)]
            images += 0 if options["no_images"] else write_pictures(version, split, options["format"], out)
        self.summarise(
            {
                "version": str(version),
                "digest": version.digest,
                "label_files": len(files),
                "files": files[:20],
                "images": images,
            }
        )


def chosen_version(workspace: Any, reference: str) -> DatasetVersion:
    """By id, or by `dataset-name/number`.

    Raises:
        CommandError: there is none, or it is not frozen.
    """
    versions = versions_of(workspace)
    name, _, number = reference.rpartition("/")
    if name and number.isdecimal():
        found = versions.filter(dataset__name=name, number=int(number)).first()
    else:
        found = versions.filter(id=int(reference)).first() if reference.isdecimal() else None
    if found is None:
        raise CommandError(f"there is no version '{reference}': give its id or dataset-name/number")
    if found.state != DatasetVersion.State.FROZEN:
        raise CommandError(f"{found} is {found.state}, not frozen")
    return found
