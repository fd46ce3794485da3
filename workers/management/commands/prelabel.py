"""`manage.py prelabel --drive NAME --model REF`: a model's boxes on every frame of a drive, with their risk."""

from typing import Any

from django.core.management.base import CommandParser

from webapp.footage.services import prelabel_enqueue
from webapp.jobs.models import Job
from webapp.registry.services import model_to_label_with
from workers.cli import JobCommand, absolute_ref, drive_named, error_of, workspace_named

THRESHOLDS = ("score_threshold", "candidate_threshold", "nms_iou")


class Command(JobCommand):
    help = "Pre-label a drive with a model; boxes that somebody has decided about stay as they are."

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("--drive", required=True, metavar="NAME")
        parser.add_argument(
            "--model",
            metavar="REF",
            help="bundled:<name>, yolox-onnx:<file>, a registry id, a local folder or a hub id (the serving model unless told)",
        )
        parser.add_argument(
            "--score", dest="score_threshold", type=float, metavar="P", help="boxes from here on are labels"
        )
        parser.add_argument(
            "--candidate",
            dest="candidate_threshold",
            type=float,
            metavar="P",
            help="missed-object candidates from here on",
        )
        parser.add_argument(
            "--nms", dest="nms_iou", type=float, metavar="IOU", help="overlap from which one of two boxes goes"
        )
        parser.add_argument("--only-new", action="store_true", help="leave frames alone that have been pre-labelled")

    def handle(self, *args: Any, **options: Any) -> None:
        workspace = workspace_named(options["workspace"])
        drive = drive_named(workspace, options["drive"])
        model = model_to_label_with(workspace, options["model"] and absolute_ref(options["model"]))
        thresholds = {name: options[name] for name in THRESHOLDS if options[name] is not None}
        job = prelabel_enqueue(drive, model, only_new=options["only_new"], **thresholds)
        job = self.complete(job, background=options["background"])
        error = error_of(job)
        if error:
            self.stderr.write(error["detail"])
        summary = {"job": str(job.id), "state": job.state, "drive": drive.id, **(job.result or {}), "error": error}
        self.summarise(summary, failed=job.state in (Job.State.FAILED, Job.State.CANCELLED))
