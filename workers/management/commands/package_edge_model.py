"""`manage.py package_edge_model MODEL --dataset VERSION --out ZIP`: a trained YOLOX as one file for devices, calibrated and judged on a frozen version."""

import shutil
from pathlib import Path
from typing import Any

from django.core.management.base import CommandError, CommandParser

from webapp.core import storage
from webapp.edge.models import EdgeExport
from webapp.edge.services import SLICES, export_create
from webapp.registry.services import model_version_for
from workers.cli import JobCommand, absolute_ref, error_of, workspace_named
from workers.management.commands.export_dataset import chosen_version

ASKED = ("target", "judge_split", "width", "height", "calibration", "slices", "most_lost", "most_lost_category")


class Command(JobCommand):
    help = "Pack a trained YOLOX for devices, as from its page, where the export is listed. Prints the report as one JSON line last."

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("model", help="a registry id, a folder, yolox:<file> or yolox-onnx:<file>")
        parser.add_argument("--dataset", metavar="VERSION", help="its id, or dataset-name/number; else rendered scenes")
        parser.add_argument(
            "--judge-split", default="", help="judge on this split, calibrate on the others; else halves"
        )
        parser.add_argument("--out", type=Path, metavar="ZIP", help="copy the zip there")
        parser.add_argument("--target", default="bundle", choices=EdgeExport.Target.values)
        parser.add_argument("--width", type=int, help="of the input; as in training unless told")
        parser.add_argument("--height", type=int)
        parser.add_argument("--calibration", type=int, default=100, help="frames to calibrate with (%(default)s)")
        parser.add_argument("--slices", nargs="*", default=SLICES, choices=SLICES, help="drawn by turns from each")
        parser.add_argument("--most-lost", type=float, default=0.01, help="AP that 8 bits may lose (%(default)s)")
        parser.add_argument("--most-lost-category", type=float, default=0.03, help="and any category (%(default)s)")

    def handle(self, *args: Any, **options: Any) -> None:
        workspace = workspace_named(options["workspace"])
        version = chosen_version(workspace, options["dataset"]) if options["dataset"] else None
        model = model_version_for(workspace, absolute_ref(options["model"]))
        asked = {name: options[name] for name in ASKED}
        made = export_create(model=model, version=version, created_by=None, **asked)
        assert made.job  # just created with it
        job = self.complete(made.job, background=options["background"])
        if error := error_of(job):
            raise CommandError(f"{error['code']}: {error['detail']}")
        made.refresh_from_db()
        if options["out"] and made.archive_key:
            with storage.open_key(made.archive_key) as stored, options["out"].open("wb") as copy:
                shutil.copyfileobj(stored, copy)
        zip_ = str(options["out"]) if options["out"] else made.archive_key
        told = {"edge_export": made.id, "zip": zip_, "sha256": made.sha256, "speed": made.speed}
        self.summarise({**told, **(made.report or {})})
