"""`manage.py package_edge_model MODEL --dataset VERSION --out ZIP`: a trained YOLOX as one file for a device, calibrated and judged on a frozen version."""

from pathlib import Path
from typing import Any

from django.core.management.base import CommandParser

from ml.data.hashing import sha256_file
from ml.export.frames import Frames
from webapp.accounts.models import Workspace
from webapp.datasets.models import DatasetVersion
from webapp.registry.models import ModelVersion
from webapp.registry.services import STORED
from workers import model_cache
from workers.cli import ProductCommand, absolute_ref, workspace_named
from workers.evaluation import attributes_of, pixels_of, truth_of_version
from workers.management.commands.export_dataset import chosen_version


class Command(ProductCommand):
    help = "Pack a trained YOLOX for devices. Prints the report as one JSON line last."

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("model", help="a registry id, a folder, yolox:<file> or yolox-onnx:<file>")
        parser.add_argument("--dataset", required=True, metavar="VERSION", help="its id, or dataset-name/number")
        parser.add_argument(
            "--judge-split", default="", help="judge on this split, calibrate on the others; else halves"
        )
        parser.add_argument("--out", type=Path, required=True, metavar="ZIP")
        parser.add_argument("--width", type=int, default=0, help="of the input; as in training unless told")
        parser.add_argument("--height", type=int, default=0)
        parser.add_argument("--no-int8", action="store_true", help="leave the 8-bit network out")
        parser.add_argument("--most-lost", type=float, default=0.01, help="AP that 8 bits may lose (%(default)s)")
        parser.add_argument("--most-lost-category", type=float, default=0.03, help="and any category (%(default)s)")

    def handle(self, *args: Any, **options: Any) -> None:
        from ml.export.judge import Limits  # these load torch, which other commands do without
        from ml.export.package import options_for, package
        from ml.models.yolox.training import open_yolox

        workspace = workspace_named(options["workspace"])
        name, ref = _named(workspace, options["model"])
        model, card = open_yolox(ref)
        frames, judging = _frames(chosen_version(workspace, options["dataset"]), options["judge_split"])
        chosen = options_for(
            card,
            name,
            options["width"],
            options["height"],
            eight_bits=not options["no_int8"],
            limits=Limits(options["most_lost"], options["most_lost_category"]),
        )
        report = package(model, card, frames, judging, chosen, options["out"])
        self.summarise({"zip": str(options["out"]), "sha256": sha256_file(options["out"]), **report})


def _named(workspace: Workspace, reference: str) -> tuple[str, str]:
    """The name of a model, and what loads it."""
    found = (
        ModelVersion.objects.filter(workspace=workspace, id=int(reference)).first() if reference.isdecimal() else None
    )
    if found is None:
        return Path(reference.rpartition(":")[2]).stem, absolute_ref(reference)
    return found.name, model_cache.loadable(found) if found.ref.startswith(STORED) else found.ref


def _frames(version: DatasetVersion, judge_split: str) -> tuple[Frames, Frames]:
    """To calibrate and to judge."""
    truth, rows = truth_of_version(version, None)
    attributes = attributes_of(version, rows)
    images = [{**image, **attributes[image["id"]], "split": rows[image["id"]]["split"]} for image in truth["images"]]
    frames = Frames({**truth, "images": images}, lambda image: pixels_of(rows[image["id"]]))
    if not judge_split:
        return frames.halves()
    return (
        frames.chosen([image for image in images if image["split"] != judge_split]),
        frames.chosen([image for image in images if image["split"] == judge_split]),
    )
