"""Compare two evaluations of one split by a paired bootstrap over its frames."""

from typing import Any

from ml.evaluate.compare import paired_bootstrap
from webapp.jobs.models import Job
from webapp.registry.models import Evaluation
from webapp.registry.selectors import results_of
from workers.evaluation import truth_of_version
from workers.lifecycle import JobContext, job_task


@job_task(Job.Kind.COMPARE_EVALUATIONS)
def compare_evaluations(job: JobContext) -> dict[str, Any]:
    """Difference, interval and p; nothing is kept but the job's result."""
    rows = Evaluation.objects.select_related("dataset_version__dataset").in_bulk(
        [job.params["first"], job.params["second"]]
    )
    first, second = (rows[job.params[name]] for name in ("first", "second"))
    truth, _ = truth_of_version(first.dataset_version, first.split or None)
    return {
        "first_evaluation": first.id,
        "second_evaluation": second.id,
        **paired_bootstrap(truth, results_of(first), results_of(second)),
    }
