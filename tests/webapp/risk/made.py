"""Audits whose outcome is known."""

import numpy as np

from tests.factories import BoxFactory, ClipFactory, DriveFactory, FrameFactory
from webapp.footage.models import Drive, Frame
from webapp.labels.models import Box, BoxEvent
from webapp.labels.prelabels import box_values
from webapp.registry.models import ModelVersion


def audited_drive(model: ModelVersion, drive: Drive | None = None, *, frames: int = 10, labels: int = 8) -> Drive:
    """Every label decided: the wrong ones, of high risk more often than of low, are rejected. Its signals are `conf` and `rivals`."""
    drive = drive or DriveFactory(workspace=model.workspace, label_model=model)
    clip, rng = ClipFactory(drive=drive), np.random.default_rng(drive.id)
    for index in range(frames):
        frame = FrameFactory(clip=clip, index=index, state=Frame.State.AUDITED)
        for place in range(labels):
            conf = float(rng.uniform(0.02, 0.98))
            label(frame, model, place, conf=conf, wrong=bool(rng.random() < conf))
    return drive


def label(frame: Frame, model: ModelVersion, index: int, *, conf: float, wrong: bool) -> Box:
    """A label and its history so far; by `wrong` it is rejected or accepted."""
    signals = [{"name": name, "value": value, "sentence": name} for name, value in (("conf", conf), ("rivals", 0.1))]
    box = BoxFactory(
        frame=frame,
        model_version=model,
        index=index,
        score=1 - conf,
        risk=conf,
        signals=signals,
        probs={"car": 1 - conf},
    )
    BoxEvent.objects.create(box=box, frame=frame, kind=BoxEvent.Kind.PROPOSED, after=box_values(box))
    Box.objects.filter(id=box.id).update(state=Box.State.REJECTED if wrong else Box.State.ACCEPTED)
    return box
