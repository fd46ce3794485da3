"""Anchors agree with the official decoding, and boxes go there and back."""

import numpy as np
import pytest
import torch

from ml.models.yolox.anchors import anchors_of, corners, iou
from ml.models.yolox.network import YOLOX
from ml.models.yolox.sizes import SIZES
from ml.models.yolox_onnx import YoloxDetector
from tests.ml.models.yolox.made import encoded

CPU = torch.device("cpu")


def test_there_is_an_anchor_for_every_output_of_the_network():
    model = YOLOX(SIZES["nano"], classes=3).eval()
    with torch.inference_mode():
        output = model(torch.zeros(1, 3, 64, 96))
    assert output.shape[1] == len(anchors_of(96, 64, CPU).cells) == 12 * 8 + 6 * 4 + 3 * 2


def test_boxes_are_decoded_as_the_official_export_has_it():
    raw = torch.randn(21 * 4, 4, generator=torch.Generator().manual_seed(0))
    expected = YoloxDetector("made", "", 64)._decode(raw.numpy())
    assert np.allclose(corners(anchors_of(64, 64, CPU).decoded(raw)).numpy(), expected, atol=1e-4)


def test_encoding_undoes_decoding():
    anchors = anchors_of(96, 64, CPU)
    places = torch.tensor([5, 100, 125])
    raw = torch.randn(len(anchors.cells), 4, generator=torch.Generator().manual_seed(1))
    assert torch.allclose(encoded(anchors, anchors.decoded(raw)[places], places), raw[places], atol=1e-5)


def test_overlap_of_known_boxes():
    one = torch.tensor([1.0, 1.0, 2.0, 2.0])  # the corners 0, 0, 2, 2
    others = torch.tensor([[2.0, 2.0, 2.0, 2.0], [1.0, 1.0, 2.0, 2.0], [1.0, 0.5, 2.0, 1.0], [9.0, 9.0, 2.0, 2.0]])
    assert iou(one, others).tolist() == pytest.approx([0.142857, 1.0, 0.5, 0.0], abs=1e-6)
    assert iou(torch.zeros(4), torch.zeros(4)).item() == 0.0
