"""What a run would cost: three steps of it, and nothing kept."""

import tempfile
from pathlib import Path
from typing import Any

from django.conf import settings

from webapp.jobs.models import Job
from workers import supervise, training_files
from workers.lifecycle import JobContext, job_task


@job_task(Job.Kind.ESTIMATE_RUN)
def estimate_run(job: JobContext) -> dict[str, Any]:
    """Seconds, memory and sizes, as `python -m ml.train --dry-run` tells them."""
    asked = job.params
    plan = {**asked, **{f"{row}_id": asked[row] for row in ("init", "teacher", "dataset_version")}}
    runs = Path(settings.RUNS_ROOT)  # on the store's disk, where pictures are linked and not copied
    runs.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=runs, prefix="estimate-") as folder:
        recipe = training_files.recipe_of(plan, Path(folder) / "data")
        return supervise.dry_run(Path(folder), recipe, job.raise_if_stopped)
