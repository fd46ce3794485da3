"""The usual look and truth are pinned coarsely: models were trained on them. Bytes may differ by the version of Pillow or numpy."""

import json
from pathlib import Path

import numpy as np
import pytest

from ml.synth import random_scene

GOLDEN = Path(__file__).with_name("look.json")
SIZE = (320, 192)
PINNED = json.loads(GOLDEN.read_text())


def coarse(seed: int) -> dict[str, object]:
    """Mean colour, mean colour of the sixteen fields of the picture, and the boxes."""
    scene = random_scene(seed, *SIZE)
    fields = scene.image.reshape(4, SIZE[1] // 4, 4, SIZE[0] // 4, 3).mean((1, 3))
    return {
        "mean": [round(value, 1) for value in scene.image.mean((0, 1)).tolist()],
        "fields": np.round(fields.reshape(-1, 3), 1).tolist(),
        "boxes": [[box.category, box.track, *(round(value, 1) for value in box.box_xywh)] for box in scene.boxes],
    }


@pytest.mark.parametrize("seed", sorted(map(int, PINNED)))
def test_a_scene_looks_as_it_did(seed):
    now, then = coarse(seed), PINNED[str(seed)]
    assert now["mean"] == pytest.approx(then["mean"], abs=1.0)
    assert np.allclose(now["fields"], then["fields"], atol=2.5)
    assert [box[:2] for box in now["boxes"]] == [box[:2] for box in then["boxes"]]
    assert np.allclose([box[2:] for box in now["boxes"]], [box[2:] for box in then["boxes"]], atol=1.0)


if __name__ == "__main__":  # python -m tests.ml.synth.test_look
    GOLDEN.write_text(json.dumps({seed: coarse(seed) for seed in (1, 2, 3, 5, 8, 13)}) + "\n")
