"""An edge model's zip, opened: every hash checked, and the network shown the picture whose boxes it must find. Torch-free.

`manifest.json` says what the model is and holds the hash of every other file. Nothing is unpacked to disk.
"""

from __future__ import annotations

import hashlib
import io
import json
import zipfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any
from zlib import error as zlib_error

import numpy as np
from PIL import Image

from ml.boxes import iou_matrix, xywh_to_xyxy
from ml.data.hashing import sha256_file
from ml.errors import BadBundle
from ml.export.camera import rgb_of
from ml.export.runner import Input, Pixels, Runner
from ml.models.yolox_onnx import letterbox
from ml.schemas import Detection

FORMAT = "headway-edge/1"
MANIFEST, SELF_TEST = "manifest.json", "self_test.png"
MODELS = {"fp32": "model.onnx", "int8": "model_int8.onnx"}
LARGEST = 512 * 2**20  # bytes of one file
# How far a processor may compute from the one that packed: 8-bit kernels differ between processors, 32-bit ones hardly.
TOLERANCES = {"fp32": {"iou": 0.98, "score": 0.01, "map": 0.01}, "int8": {"iou": 0.85, "score": 0.1, "map": 0.1}}


class EdgeModel:
    """A model as a device runs it.

    Args:
        precision: fp32 or int8; int8 where the zip has it unless told.
    Raises:
        BadBundle: the zip is damaged or not one of ours, or the model fails its self-test here.
    """

    def __init__(self, path: Path, *, precision: str = "", threads: int = 1) -> None:
        self.sha256 = sha256_file(path)
        self.manifest, files = read(path)
        self.precision = precision or ("int8" if MODELS["int8"] in files else "fp32")
        if MODELS.get(self.precision) not in files:
            raise BadBundle(f"{path.name} has no {self.precision} network.")
        self.name = str(self.manifest["name"])
        self.runner = Runner(files[MODELS[self.precision]], input_of(self.manifest), threads=threads)
        _self_test(self.runner, self.precision, self.manifest, files[SELF_TEST])

    @property
    def categories(self) -> tuple[str, ...]:
        return self.runner.reads.categories

    def predict(self, image: Pixels) -> list[Detection]:
        """Boxes of (H, W, 3) uint8 RGB in its pixels, best first; a `candidate` is below its category's threshold, and no label."""
        return self.runner.detect(image)

    def predict_nv12(self, nv12: Pixels) -> list[Detection]:
        """Boxes of (H * 3 / 2, W) uint8 as a camera gives it."""
        return self.predict(rgb_of(nv12))


def read(path: Path) -> tuple[dict[str, Any], dict[str, bytes]]:
    """The manifest and every file that it lists, each with the hash that it says.

    Raises:
        BadBundle: naming the file.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            manifest = json.loads(_bytes(archive, MANIFEST))
            if not isinstance(manifest, dict) or manifest.get("format") != FORMAT:
                raise BadBundle(f"{path.name} is not of the format {FORMAT}.")
            hashes = manifest["files"]
            if sorted(archive.namelist()) != sorted([MANIFEST, *hashes]):
                raise BadBundle(f"{path.name} holds other files than its manifest lists.")
            files = {name: _bytes(archive, name) for name in hashes}
    except (OSError, zipfile.BadZipFile, ValueError, KeyError, EOFError, NotImplementedError, zlib_error) as error:
        raise BadBundle(f"{path.name} cannot be read as an edge model: {error}") from error
    for name, content in files.items():
        if hashlib.sha256(content).hexdigest() != hashes[name]:
            raise BadBundle(f"{path.name}: '{name}' is not the file that was packed.", hint="Download it again.")
    return manifest, files


def input_of(manifest: Mapping[str, Any]) -> Input:
    """Raises: BadBundle when the manifest lacks a part."""
    try:
        names = tuple(str(name) for name in manifest["categories"])
        return Input(
            int(manifest["input"]["width"]),
            int(manifest["input"]["height"]),
            names,
            {name: float(manifest["thresholds"][name]) for name in names},
            float(manifest["candidate_threshold"]),
        )
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise BadBundle(f"The manifest lacks a part, or has a wrong one: {error!r}") from error


def expectation(runner: Runner, frame: Pixels) -> dict[str, Any]:
    """What a runner finds in the self-test picture, for the manifest: its boxes, and the mean size of the values of each raw map."""
    blob, scale = letterbox(frame, runner.reads.width, runner.reads.height)
    maps = runner.maps(blob)
    found = runner.boxes_of(maps, scale, (frame.shape[1], frame.shape[0]))
    boxes = [
        {"box": [round(v, 3) for v in d.box_xywh], "category": d.category, "score": round(d.score, 5)} for d in found
    ]
    return {"boxes": boxes, "maps": {name: round(float(np.abs(held).mean()), 5) for name, held in sorted(maps.items())}}


def _self_test(runner: Runner, precision: str, manifest: Mapping[str, Any], png: bytes) -> None:
    with Image.open(io.BytesIO(png), formats=["PNG"]) as picture:
        frame = np.asarray(picture.convert("RGB"))
    problem = difference(manifest["self_test"][precision], expectation(runner, frame), TOLERANCES[precision])
    if problem:
        raise BadBundle(
            f"The {precision} network failed its self-test: {problem}.",
            hint="This processor computes otherwise than the one that packed it; use fp32 here."
            * (precision == "int8"),
        )


def difference(expected: Mapping[str, Any], found: Mapping[str, Any], allowed: Mapping[str, float]) -> str:
    """What differs by more than allowed, in words; empty when nothing does. Boxes that rounding may put on either side of the lowest score are not missed."""
    for name, size in expected["maps"].items():
        if abs(found["maps"][name] - size) > allowed["map"] * max(abs(size), 0.1):
            return f"{name} is {found['maps'][name]} on average, not {size}"
    for one, other, words in ((expected, found, "is missing"), (found, expected, "was not expected")):
        lowest = min((each["score"] for each in one["boxes"]), default=0.0) + allowed["score"]
        for box in one["boxes"]:
            if box["score"] > lowest and not _is_among(box, other["boxes"], allowed):
                return f"{box['category']} at {box['box']} with {box['score']} {words}"
    return ""


def _is_among(box: Mapping[str, Any], others: Sequence[Mapping[str, Any]], allowed: Mapping[str, float]) -> bool:
    near = [
        other["box"]
        for other in others
        if other["category"] == box["category"] and abs(other["score"] - box["score"]) <= allowed["score"]
    ]
    overlaps = iou_matrix(xywh_to_xyxy([box["box"]]), xywh_to_xyxy(near)) if near else np.zeros((1, 0))
    return bool((overlaps >= allowed["iou"]).any())


def _bytes(archive: zipfile.ZipFile, name: str) -> bytes:
    if archive.getinfo(name).file_size > LARGEST:
        raise BadBundle(f"'{name}' is larger than {LARGEST >> 20} MB.")
    return archive.read(name)
