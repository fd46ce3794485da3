"""A frozen version's frames as an export calibrates and judges on them, or rendered ones."""

from ml.export.frames import Frames, rendered
from webapp.datasets.models import DatasetVersion
from webapp.datasets.splits import members_of
from workers.evaluation import attributes_of, pixels_of, truth_of_version

RENDERED_FRAMES = 48


def frames_of(version: DatasetVersion | None, judge_split: str = "") -> tuple[Frames, Frames]:
    """To calibrate with and to judge on: the split to judge on and the others, or halves of whole drives."""
    if version is None:
        return rendered(RENDERED_FRAMES).halves()
    truth, rows = truth_of_version(version, None)
    attributes = attributes_of(version, rows)
    images = [{**image, **attributes[image["id"]], "split": rows[image["id"]]["split"]} for image in truth["images"]]
    frames = Frames({**truth, "images": images}, lambda image: pixels_of(rows[image["id"]]))
    if not judge_split:
        return frames.halves()
    judged = members_of(judge_split)
    return (
        frames.chosen([image for image in images if image["split"] not in judged]),
        frames.chosen([image for image in images if image["split"] in judged]),
    )
