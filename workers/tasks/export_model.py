"""Pack a model for devices: ONNX, 8 bits, the chip's package and the evidence, as one zip in the store."""

import shutil
import tempfile
from pathlib import Path
from typing import Any

from django.conf import settings

from ml.data.hashing import sha256_file
from ml.errors import TooMuchLost
from webapp.edge.models import EdgeExport
from webapp.edge.services import export_refuse, export_settle
from webapp.jobs.models import Job
from webapp.registry.models import ModelVersion
from webapp.registry.services import weights_seen
from workers import model_cache
from workers.edge_frames import frames_of
from workers.lifecycle import JobContext, JobFailed, job_task

PARTS = {  # target -> (8 bits, the chip's package, OpenVINO's files)
    EdgeExport.Target.ONNX: (False, False, False),
    EdgeExport.Target.INT8: (True, False, False),
    EdgeExport.Target.HORIZON: (False, True, False),
    EdgeExport.Target.OPENVINO: (True, False, True),
    EdgeExport.Target.BUNDLE: (True, True, False),
}


@job_task(Job.Kind.EXPORT_MODEL)
def export_model(job: JobContext) -> dict[str, Any]:
    """A killed attempt goes on behind the last network that had looked at all frames; the same model and frames give the same zip."""
    made = EdgeExport.objects.select_related("model_version", "dataset_version__dataset").get(
        id=job.params["edge_export"]
    )
    kept = Path(settings.RUNS_ROOT) / f"edge-export-{made.id}"
    with tempfile.TemporaryDirectory() as temporary:
        archive = Path(temporary) / "edge.zip"
        try:
            report = _packed(job, made, archive, kept)
        except TooMuchLost as refusal:
            export_refuse(made, refusal.report)
            raise
        from ml.export.speed import speed_of

        job.raise_if_stopped()
        export_settle(made, archive, report=report, speed=speed_of(archive))
    shutil.rmtree(kept, ignore_errors=True)
    return {"edge_export": made.id, "sha256": made.sha256, "size": made.size}


def _packed(job: JobContext, made: EdgeExport, archive: Path, kept: Path) -> dict[str, Any]:
    """The report of the zip that was written."""
    from ml.export.package import package  # loads torch, which other tasks do without
    from ml.export.passes import Passes

    def on_frame(done: int, total: int) -> None:
        job.raise_if_stopped()
        job.progress(done, total, "frames")

    ref = model_cache.loadable(made.model_version)
    sha256 = _weights(made.model_version, ref)
    frames, judging = frames_of(made.dataset_version, made.judge_split)
    model, card, options = _opened(made, ref)
    passes = Passes(judging, on_frame=on_frame, kept=kept)
    return package(model, card, frames, judging, options, archive, sha256=sha256, passes=passes)


def _opened(made: EdgeExport, ref: str) -> tuple[Any, Any, Any]:
    """The network, its card, and what is asked of it."""
    from ml.export.judge import Limits
    from ml.export.package import options_for
    from ml.models.yolox.training import open_yolox

    model, card = open_yolox(ref)
    eight_bits, chip, openvino = PARTS[EdgeExport.Target(made.target)]
    options = options_for(
        card,
        made.model_version.name,
        made.width or 0,
        made.height or 0,
        calibration=made.calibration,
        slices=tuple(made.slices),
        eight_bits=eight_bits,
        chip=chip,
        openvino=openvino,
        limits=Limits(made.most_lost, made.most_lost_category),
    )
    return model, card, options


def _weights(model: ModelVersion, ref: str) -> str:
    """Their hash. Raises: JobFailed when the reference holds other weights by now."""
    from ml.export.package import weights_of

    path = weights_of(ref)
    sha256 = sha256_file(path) if path.is_file() else ""
    if sha256 and (found := weights_seen(model, sha256)).id != model.id:
        detail = f"{model.ref} holds other weights by now than those of '{model}'."
        raise JobFailed("other_weights", detail, f"Export '{found}' instead: that is what lies there now.")
    return sha256
