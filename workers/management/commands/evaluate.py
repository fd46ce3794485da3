"""`manage.py evaluate`: COCO AP of a model on a version, or of stored predictions against stored truth."""

import json
from dataclasses import asdict
from pathlib import Path
from typing import Any

from django.core.management.base import CommandError, CommandParser
from django.db.models import Exists, OuterRef, Q

from ml.evaluate.detection import evaluate
from ml.schemas import EvalReport
from webapp.accounts.models import Workspace
from webapp.labels.models import Box
from webapp.registry.models import ModelVersion
from webapp.registry.selectors import results_of
from webapp.registry.services import evaluation_create, model_version_for
from workers.cli import ProductCommand, absolute_ref, error_of, workspace_named
from workers.evaluation import (
    HUMAN,
    IMPORTED,
    judged_frames,
    results_of_rows,
    truth_of_rows,
    truth_of_version,
)
from workers.foreground import run_in_foreground
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
        parser.add_argument("--model", metavar="REF", help="run this model, and keep the evaluation with it ...")
        parser.add_argument(
            "--dataset", metavar="VERSION", help="... on this frozen version (id or dataset-name/number)"
        )
        parser.add_argument("--split", help="one split of it; all unless named")
        parser.add_argument(
            "--predictions-of", metavar="MODEL", help="or take this model's stored boxes (id, reference or name) ..."
        )
        parser.add_argument(
            "--truth-of", choices=[HUMAN, IMPORTED], help="... against what people decided, or what was imported"
        )
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
        frames = judged_frames(workspace, options["truth_of"], drive=options["drive"])
        first = frames.select_related("drive__taxonomy").order_by("id").first()
        if first is None:
            raise CommandError(f"No frame here has {options['truth_of']} truth.")
        known = [category.name for category in first.drive.taxonomy.values()]
        if unknown := set(options["categories"] or ()) - set(known):
            raise CommandError(
                f"{first.drive.taxonomy} has no {', '.join(sorted(unknown))}; it has {', '.join(known)}."
            )
        names = options["categories"] or known
        return truth_of_rows(frames, names, options["truth_of"]), results_of_rows(frames, names, model)

    def _run(self, workspace: Workspace, options: dict[str, Any]) -> tuple[Any, Any]:
        """As from the page: the evaluation and its report stay, and the page shows them."""
        version = chosen_version(workspace, options["dataset"])
        if options["split"] and options["split"] not in version.summary["splits"]:
            raise CommandError(
                f"{version} has no split '{options['split']}', only {', '.join(version.summary['splits'])}."
            )
        model = model_version_for(workspace, absolute_ref(options["model"]))
        evaluation = evaluation_create(model=model, version=version, split=options["split"] or "", created_by=None)
        assert evaluation.job  # just created with it
        error = error_of(run_in_foreground(evaluation.job.id))
        if error:
            raise CommandError(f"{error['code']}: {error['detail']}")
        evaluation.refresh_from_db()
        truth, _ = truth_of_version(version, options["split"])
        return truth, results_of(evaluation)


def shown(report: EvalReport) -> dict[str, Any]:
    """The report under the names of the field."""
    values = asdict(report)
    figures = {name: values.pop(key) for key, name in NAMES.items()}
    return {**figures, **values}


def _stored_model(workspace: Workspace, reference: str) -> ModelVersion:
    """The newest model of that id, reference or name that has labelled something."""
    models = ModelVersion.objects.filter(workspace=workspace)
    if reference.isdecimal():
        models = models.filter(id=int(reference))
    else:
        models = models.filter(Q(ref=absolute_ref(reference)) | Q(name=reference))
    found = models.filter(Exists(Box.objects.filter(model_version=OuterRef("pk")))).order_by("-id").first()
    if found is None:
        raise CommandError(f"No model '{reference}' has predictions here.")
    return found
