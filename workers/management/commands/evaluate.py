"""`manage.py evaluate`: COCO AP of a model on a version, or of stored predictions against stored truth."""

import json
from dataclasses import asdict
from pathlib import Path
from typing import Any

from django.core.management.base import CommandError, CommandParser

from ml.evaluate.detection import evaluate
from ml.models.detector import build_detector
from ml.schemas import Category, EvalReport
from webapp.accounts.models import Workspace
from webapp.footage.models import Frame
from webapp.registry.models import ModelVersion
from workers.cli import ProductCommand, workspace_named
from workers.evaluation import predicted, results_of_rows, truth_of_rows, truth_of_version
from workers.management.commands.export_dataset import chosen_version

NAMES = {
    "ap": "AP",
    "ap50": "AP50",
    "ap75": "AP75",
    "ap_small": "APs",
    "ap_medium": "APm",
    "ap_large": "APl",
    "ar100": "AR",
}


class Command(ProductCommand):
    help = "COCO figures by pycocotools, as one JSON line."

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("--model", metavar="REF", help="run this model ...")
        parser.add_argument(
            "--dataset", metavar="VERSION", help="... on this frozen version (id or dataset-name/number)"
        )
        parser.add_argument("--split", help="one split of it; all unless named")
        parser.add_argument(
            "--predictions-of", metavar="MODEL", help="or take this model's stored boxes (id, reference or name) ..."
        )
        parser.add_argument("--truth-of", choices=["human", "imported"], help="... against the boxes of this source")
        parser.add_argument("--drive", metavar="NAME", help="only this drive's frames")
        parser.add_argument("--categories", nargs="*", help="only these; all that have truth unless named")
        parser.add_argument("--results", type=Path, metavar="FILE", help="also write the COCO results file")

    def handle(self, *args: Any, **options: Any) -> None:
        workspace = workspace_named(options["workspace"])
        if options["predictions_of"] and options["truth_of"]:
            truth, results = self._stored(workspace, options)
        elif options["model"] and options["dataset"]:
            truth, results = self._run(workspace, options)
        else:
            raise CommandError("Give --model and --dataset, or --predictions-of and --truth-of.")
        report = evaluate(truth, results)
        if options["results"]:
            options["results"].write_text(json.dumps(results))
        self.summarise(shown(report))

    def _stored(self, workspace: Workspace, options: dict[str, Any]) -> tuple[Any, Any]:
        model = _stored_model(workspace, options["predictions_of"])
        frames = Frame.objects.filter(workspace=workspace, boxes__source=options["truth_of"]).distinct()
        if options["drive"]:
            frames = frames.filter(drive__name=options["drive"])
        rows = list(frames.select_related("drive__taxonomy").order_by("id"))
        if not rows:
            raise CommandError(f"no frame has boxes of source '{options['truth_of']}'")
        names = options["categories"] or [category.name for category in rows[0].drive.taxonomy.values()]
        return truth_of_rows(rows, names, options["truth_of"]), results_of_rows(rows, names, model)

    def _run(self, workspace: Workspace, options: dict[str, Any]) -> tuple[Any, Any]:
        version = chosen_version(workspace, options["dataset"])
        categories = [Category(c["name"], c["phrase"], c["group"]) for c in version.categories]
        aliases = {c.name: c for c in version.dataset.taxonomy.values()}
        categories = [aliases.get(c.name, c) for c in categories]
        truth, keys = truth_of_version(version, options["split"])
        stored = (
            ModelVersion.objects.filter(workspace=workspace, id=options["model"]).first()
            if options["model"].isdecimal()
            else None
        )
        return truth, predicted(build_detector(stored.ref if stored else options["model"]), keys, categories)


def shown(report: EvalReport) -> dict[str, Any]:
    """The report under the names of the field."""
    values = asdict(report)
    figures = {name: values.pop(key) for key, name in NAMES.items()}
    return {**figures, **values}


def _stored_model(workspace: Workspace, reference: str) -> ModelVersion:
    models = ModelVersion.objects.filter(workspace=workspace)
    if reference.isdecimal():
        models = models.filter(id=int(reference))
    else:
        models = models.filter(ref=reference) | models.filter(name=reference)
    found = models.order_by("-boxes__id").first()
    if found is None:
        raise CommandError(f"no model '{reference}' has predictions here")
    return found
