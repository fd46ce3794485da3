"""The job that looks through a drive with the bundled detector's backbone."""

import numpy as np
import pytest

from ml.models.features import FeatureExtractor
from tests.factories import BoxFactory, ClipFactory, FrameFactory, JobFactory
from webapp.core import storage
from webapp.explore.features import MODEL, coverage
from webapp.explore.models import FeaturePart
from webapp.jobs.models import Job
from workers.lifecycle import run

pytestmark = pytest.mark.django_db


def test_vectors_of_a_drive_are_of_length_one_and_made_once():
    clip = ClipFactory()
    frames = [FrameFactory(clip=clip, with_picture=True) for _ in range(3)]
    boxes = [BoxFactory(frame=frames[0]), BoxFactory(frame=frames[0], x=300.0), BoxFactory(frame=frames[2])]
    of = {"workspace": clip.drive.workspace, "kind": Job.Kind.INDEX_FEATURES, "params": {"drive": clip.drive_id}}
    done = run(JobFactory(**of).id, worker="test")
    assert (done.state, done.result) == ("succeeded", {"drive": clip.drive_id, "frames": 3, "labels": 3})
    with storage.open_key(FeaturePart.objects.get().key) as file:
        arrays = dict(np.load(file))
    assert arrays["frame_ids"].tolist() == [frame.id for frame in frames]
    assert arrays["label_ids"].tolist() == [box.id for box in boxes]
    for name in ("frame_vectors", "label_vectors"):
        assert arrays[name].dtype == np.float16
        assert np.linalg.norm(arrays[name].astype(float), axis=1) == pytest.approx(1, abs=1e-2)
    assert run(JobFactory(**of).id, worker="test").result["frames"] == 0
    assert coverage(clip.drive.workspace) == {"frames": 3, "labels": 3}


def test_what_looks_alike_lies_closer_than_what_does_not():
    picture = np.full((240, 400, 3), 90, np.uint8)
    for x in (40, 280):  # two white striped things, and a dark one between them
        picture[80:160, x : x + 80 : 8] = 255
        picture[80:160, x + 2 : x + 80 : 8] = 200
    picture[80:160, 160:240] = 10
    look = FeatureExtractor(MODEL)
    _, (left, middle, right) = look(picture, [(40, 80, 80, 80), (160, 80, 80, 80), (280, 80, 80, 80)])
    assert left @ right > left @ middle
    _, none = look(picture, [])
    assert none.shape == (0, len(left))
