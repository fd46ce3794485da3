"""Evaluate a model on a split of a frozen version: predict, compare, keep the report."""

import json
from pathlib import Path
from typing import Any

from django.conf import settings

from ml.evaluate.report import report
from ml.models.detector import Detector
from webapp.jobs.models import Job
from webapp.registry.models import Evaluation
from webapp.registry.services import evaluation_settle
from workers import evaluation as truths
from workers import model_cache
from workers.lifecycle import JobContext, JobFailed, job_task

FRAME_LISTS = ("worst_frames", "errors")


@job_task(Job.Kind.EVALUATE_MODEL)
def evaluate_model(job: JobContext) -> dict[str, Any]:
    """A killed attempt goes on behind the last whole chunk of predictions, which lie in a file until the report is made."""
    evaluation = Evaluation.objects.select_related("model_version", "dataset_version__dataset__taxonomy").get(
        id=job.params["evaluation"]
    )
    version = evaluation.dataset_version
    truth, frames = truths.truth_of_version(version, evaluation.split or None)
    truth, frames = truths.cut(truth, frames, version, evaluation.asked)
    predictions = Path(settings.RUNS_ROOT) / f"evaluation-{evaluation.id}.jsonl"
    results = _predicted(job, evaluation, frames, predictions)
    job.raise_if_stopped()
    whole = report(truth, results, attributes=truths.attributes_of(version, frames))
    ids = truths.frame_ids(version, frames)
    for name in FRAME_LISTS:
        whole[name] = [{**row, "frame": ids[row["image_id"]]} for row in whole[name]]
    evaluation_settle(evaluation, report=whole, results=results)
    predictions.unlink(missing_ok=True)
    return {"evaluation": evaluation.id, **whole["figures"]}


def _predicted(
    job: JobContext, evaluation: Evaluation, frames: dict[int, dict[str, Any]], path: Path
) -> list[dict[str, Any]]:
    """COCO results of all frames; those of an earlier attempt are read, not predicted again."""
    path.parent.mkdir(parents=True, exist_ok=True)
    results, done = _read(path)
    waiting = {number: row for number, row in frames.items() if number not in done}
    job.progress(len(done), len(frames), "frames")
    if not waiting:
        return results
    detector = _detector(evaluation)
    with path.open("a") as file:
        for chunk, found in truths.predicted(detector, waiting, truths.categories_asked(evaluation.dataset_version)):
            file.write(json.dumps({"images": chunk, "results": found}) + "\n")
            file.flush()
            results += found
            done.update(chunk)
            job.raise_if_stopped()
            job.progress(len(done), len(frames), "frames")
    return results


def _detector(evaluation: Evaluation) -> Detector:
    """Raises: JobFailed when the reference holds other weights by now: their figures are not this model's."""
    asked = evaluation.model_version
    detector, loaded = model_cache.detector(asked)
    if loaded.id != asked.id:
        detail = f"{asked.ref} holds other weights by now than those of '{asked}'."
        raise JobFailed("other_weights", detail, f"Evaluate '{loaded}' instead: that is what lies there now.")
    return detector


def _read(path: Path) -> tuple[list[dict[str, Any]], set[int]]:
    """The whole chunks of an earlier attempt. A line that a crash cut off is dropped, and with it its chunk.

    A worker that lost the job may have written a chunk that its successor wrote too: the first counts.
    """
    results: list[dict[str, Any]] = []
    done: set[int] = set()
    whole = (
        [line for line in path.read_text().splitlines(keepends=True) if line.endswith("\n")] if path.exists() else []
    )
    for line in whole:
        chunk = json.loads(line)
        results += [row for row in chunk["results"] if row["image_id"] not in done]
        done.update(chunk["images"])
    if path.exists():
        path.write_text("".join(whole))
    return results, done
