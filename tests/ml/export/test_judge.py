"""What may be lost, how frames are drawn, and 8 bits."""

from collections import Counter

import numpy as np
import onnx
import onnxruntime
import pytest

from ml.errors import BadAnnotations, TooMuchLost
from ml.export.frames import Frames, drawn_by_slice, read_frames
from ml.export.int8 import quantised
from ml.export.judge import DEFAULT_THRESHOLD, Limits, refuse_above, thresholds_of
from ml.export.onnx_file import CPU_OPSET, to_onnx
from tests.ml.export.conftest import HEIGHT, WIDTH, small_model


def lost(overall, **categories):
    rows = {name: {"lost": value, "judged": judged} for name, (value, judged) in categories.items()}
    return {"lost": overall, "frames": 9, "categories": rows}


def test_too_much_lost_is_refused_with_the_place():
    limits = Limits(0.01, 0.03)
    refuse_above(limits, lost(0.01, car=(0.03, True), bus=(0.4, False)), "it")
    with pytest.raises(TooMuchLost, match=r"0\.011 AP overall \(limit 0\.01\) on 9"):
        refuse_above(limits, lost(0.011), "it")
    with pytest.raises(TooMuchLost, match=r"0\.031 AP of person"):
        refuse_above(limits, lost(-0.01, car=(0.0, True), person=(0.031, True)), "it")


def drives(**counts):
    images = [
        {"id": id, "file_name": f"{id}", "width": 8, "height": 8, "drive": drive}
        for id, drive in enumerate((drive for drive, count in counts.items() for _ in range(count)), 1)
    ]
    return Frames({"images": images, "annotations": [], "categories": [{"id": 1, "name": "car"}]}, lambda image: None)


def test_a_rare_slice_is_drawn_as_often_as_a_common_one():
    drawn = drawn_by_slice(drives(day=90, night=6, rain=2), 12)
    assert Counter(image["drive"] for image in drawn) == {"day": 5, "night": 5, "rain": 2}
    assert drawn == drawn_by_slice(drives(day=90, night=6, rain=2), 12)
    assert len(drawn_by_slice(drives(day=3), 12)) == 3


def test_frames_to_judge_are_of_other_drives():
    first, second = ({i["drive"] for i in half.images} for half in drives(a=3, b=2, c=4).halves())
    assert first == {"a", "c"}
    assert second == {"b"}
    one, other = drives(a=5).halves()
    assert (len(one.images), len(other.images)) == (3, 2)


def test_categories_with_few_truths_get_the_default_threshold(frames):
    assert thresholds_of(frames, [], ["car", "kerb"]) == {"car": DEFAULT_THRESHOLD, "kerb": DEFAULT_THRESHOLD}


def test_what_is_no_coco_file_is_refused(tmp_path):
    (tmp_path / "a.json").write_text("[")
    with pytest.raises(BadAnnotations, match="as JSON"):
        read_frames(str(tmp_path / "a.json"))


def outputs(model, blob):
    session = onnxruntime.InferenceSession(model.SerializeToString(), providers=["CPUExecutionProvider"])
    return session.run(None, {"images": blob})


def test_eight_bits_are_close_and_channel_by_channel():
    model = to_onnx(small_model(), WIDTH, HEIGHT, CPU_OPSET)
    blobs = [np.random.default_rng(n).uniform(0, 255, (1, 3, HEIGHT, WIDTH)).astype(np.float32) for n in range(4)]
    small = quantised(model, blobs)
    held = {each.name: each for each in small.graph.initializer}
    scales = [held[n.input[1]].dims for n in small.graph.node if n.op_type == "DequantizeLinear" and n.input[0] in held]
    assert sum(len(dims) == 1 and dims[0] > 1 for dims in scales) >= 100
    producers = {out: node for node in small.graph.node for out in node.output}
    last = {producers[output.name].op_type for output in small.graph.output}
    assert last == {"DequantizeLinear"}
    for exact, rough in zip(outputs(model, blobs[0]), outputs(small, blobs[0]), strict=True):
        assert 0 < np.abs(exact - rough).mean() < 0.2 * max(np.abs(exact).std(), 0.05)


def test_an_older_opset_cannot_hold_it():
    assert (
        onnx.load_from_string(to_onnx(small_model(), WIDTH, HEIGHT, 11).SerializeToString()).opset_import[0].version
        < CPU_OPSET
    )
