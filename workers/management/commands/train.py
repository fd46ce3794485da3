"""`manage.py train --method NAME --config FILE`: a run, seen through to its model."""

import json
import os
from pathlib import Path
from typing import Any

from django.core.management.base import CommandError, CommandParser

from webapp.accounts.models import Workspace
from webapp.jobs import services as jobs
from webapp.jobs.models import Job
from webapp.registry.models import ModelVersion
from webapp.registry.services import model_version_for
from webapp.training.models import CONTROL, TrainingRun
from webapp.training.services import estimate_enqueue, run_launch, run_words
from workers.cli import JobCommand, absolute_ref, error_of, workspace_named
from workers.management.commands.export_dataset import chosen_version
from workers.publish import publish_methods


class Command(JobCommand):
    help = "Train a model on a frozen version, or on rendered scenes. Interrupted, it makes a checkpoint; the run can be resumed in the page."

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("--method", default=CONTROL, help="how to train (%(default)s unless told)")
        parser.add_argument("--config", type=Path, metavar="FILE", help="the method's options as one JSON object")
        parser.add_argument("--name", help="of the run; numbered unless told")
        parser.add_argument("--family", default="", help="the kind of detector; that of --init unless told")
        parser.add_argument("--size", default="", help="nano, mini, ...: fresh weights, or --init grown to that depth")
        parser.add_argument("--init", metavar="REF", help="a model to begin from: registry id or reference")
        parser.add_argument("--teacher", metavar="REF", help="a model to learn from, for methods that need one")
        parser.add_argument(
            "--dataset", metavar="VERSION", help="id or dataset-name/number; rendered scenes unless told"
        )
        parser.add_argument("--train-split", default="train")
        parser.add_argument("--validation-split", default="val", help="empty for none")
        parser.add_argument("--seed", type=int, default=0)
        parser.add_argument("--dry-run", action="store_true", help="tell time and memory from three steps, and stop")

    def handle(self, *args: Any, **options: Any) -> None:
        publish_methods()
        workspace = workspace_named(options["workspace"])
        plan = {
            "method": options["method"],
            "family": options["family"],
            "size": options["size"],
            "init": _model(workspace, options["init"]),
            "teacher": _model(workspace, options["teacher"]),
            "dataset_version": chosen_version(workspace, options["dataset"]) if options["dataset"] else None,
            "train_split": options["train_split"],
            "validation_split": options["validation_split"],
            "seed": options["seed"],
            "options": _config(options["config"]),
        }
        if not (plan["size"] or plan["init"]):
            plan["size"] = "nano"
        if options["dry_run"]:
            job = estimate_enqueue(workspace=workspace, created_by=None, **plan)
        else:
            count = TrainingRun.objects.filter(workspace=workspace).count()
            name = options["name"] or f"{run_words(options['method'])} {count + 1}"
            run = run_launch(workspace=workspace, created_by=None, name=name, **plan)
            assert run.job
            job = run.job
        job = self.complete(job, background=options["background"])
        error = error_of(job)
        if error:
            self.stderr.write(error["detail"])
        summary = {
            "job": str(job.id),
            "state": job.state,
            "run": job.params.get("run"),
            **(job.result or {}),
            "error": error,
        }
        self.summarise(summary, failed=job.state in (Job.State.FAILED, Job.State.CANCELLED))

    def complete(self, job: Job, *, background: bool) -> Job:
        """The ended job; at Ctrl-C the cancelled one, whose trainer has made its checkpoint by then."""
        try:
            return super().complete(job, background=background)
        except KeyboardInterrupt:
            return _cancelled(Job.objects.get(id=job.id))


def _model(workspace: Workspace, ref: str | None) -> ModelVersion | None:
    return model_version_for(workspace, absolute_ref(ref)) if ref else None


def _cancelled(job: Job) -> Job:
    if job.state not in Job.FINISHED_STATES:
        jobs.cancel(job)
    if job.state == Job.State.RUNNING and job.worker == f"terminal:{os.getpid()}":
        jobs.cancelled(job)  # it ran here, and does no more
    return job


def _config(path: Path | None) -> dict[str, Any]:
    if path is None:
        return {}
    try:
        values = json.loads(path.read_text())
    except (OSError, json.JSONDecodeError) as error:
        raise CommandError(f"{path} is not JSON: {error}") from error
    if not isinstance(values, dict):
        raise CommandError(f"{path} must hold one JSON object.")
    return values
