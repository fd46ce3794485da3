"""From a trained YOLOX to one zip that a device runs: 32 bits, 8 bits, the chip's compile package, and the evidence. The same model and frames give the same bytes."""

from __future__ import annotations

import hashlib
import io
import json
import re
import zipfile
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import torch
from PIL import Image

from ml.errors import BadRecipe, EmptySplit, TooMuchLost
from ml.export import bundle, card, int8, judge, openvino_ir
from ml.export.bpu import BpuReport, check
from ml.export.frames import SLICES, Frames, Pixels, drawn_by_slice
from ml.export.horizon import compile_package
from ml.export.judge import Limits
from ml.export.onnx_file import CHIP_OPSET, CPU_OPSET, OUTPUTS, RawOutputs, to_onnx
from ml.export.passes import Passes
from ml.export.runner import Floats, Input, Runner
from ml.models.yolox.cost import cost_of
from ml.models.yolox.folder import WEIGHTS, Card
from ml.models.yolox.network import YOLOX
from ml.models.yolox_onnx import STRIDES, letterbox

LARGEST_DIFFERENCE = 1e-3  # of any raw value between torch and onnxruntime, over the largest value there
LOWEST_CANDIDATE = 0.1
MOMENT = (1980, 1, 1, 0, 0, 0)  # the zip's oldest: bytes must not know when they were made


@dataclass(frozen=True)
class Options:
    """`calibration` frames are drawn by turns from each of `slices` for 8 bits and for the chip's compiler; each of the two may be left out of the zip, and OpenVINO's files be added."""

    width: int
    height: int
    name: str = "edge-model"
    calibration: int = 100
    slices: tuple[str, ...] = SLICES
    eight_bits: bool = True
    chip: bool = True
    openvino: bool = False
    method: str = "minmax"
    limits: Limits = field(default_factory=Limits)


def options_for(card: Card, name: str, width: int = 0, height: int = 0, **more: Any) -> Options:
    """With the input of the training unless told. Raises: BadRecipe when the network cannot have such an input."""
    width, height = width or card.width, height or card.height
    if width % max(STRIDES) or height % max(STRIDES):
        raise BadRecipe(f"{width}x{height} is no input: both sides must be multiples of {max(STRIDES)}.", field="width")
    return Options(width, height, name=name, **more)


def package(
    model: YOLOX,
    about: Card,
    frames: Frames,
    judging: Frames,
    options: Options,
    out: Path,
    *,
    sha256: str = "",
    passes: Passes | None = None,
) -> dict[str, Any]:
    """Write the zip, open it again as a device would, and tell the report that is in it.

    Args:
        frames: to calibrate with. judging: with truth, to judge on; neither may be of the other.
        sha256: of the weights, for the card.
        passes: looks at the frames to judge on, for who wants to see how far it is, or to go on where it stopped.
    Raises:
        TooMuchLost: 8 bits lose more than the limits. BadBundle: the zip fails its own self-test. EmptySplit: there are no frames.
    """
    if not frames.images or not judging.images:
        raise EmptySplit("There are no frames to calibrate with, or none to judge on.")
    torch.set_num_threads(min(2, torch.get_num_threads()))
    passes = passes or Passes(judging)
    passes.expect(2 + options.eight_bits)
    fp32 = to_onnx(model, options.width, options.height, CPU_OPSET)
    chip = to_onnx(model, options.width, options.height, CHIP_OPSET)
    calibration = drawn_by_slice(frames, options.calibration, slices=options.slices)
    operators = check(chip)
    names = tuple(category.name for category in about.categories)
    first_guess = dict.fromkeys(names, judge.DEFAULT_THRESHOLD)
    reads = Input(options.width, options.height, names, first_guess, LOWEST_CANDIDATE)
    figures = _figures(model, operators, options)
    try:
        report, reads, runners = _judged(model, fp32, frames, calibration, passes, options, reads)
    except TooMuchLost as refusal:
        refusal.report |= figures
        raise
    report |= figures
    size = (options.width, options.height)
    files = (
        compile_package(chip, operators, frames, calibration, *size, plain_name(options.name)) if options.chip else {}
    )
    if options.openvino:
        more, report["openvino"] = openvino_ir.files_of(runners, _blob(frames, calibration[0], reads))
        files |= more
    picture = _telling_picture(runners["fp32"][1], judging)
    files |= {bundle.MODELS[name]: content for name, (content, _) in runners.items()}
    files[bundle.SELF_TEST] = _png(picture)
    expected = {name: bundle.expectation(runner, picture) for name, (_, runner) in runners.items()}
    manifest = _manifest(about, options, reads, expected, sha256)
    files["report.json"] = _json(report)
    files["MODEL_CARD.md"] = card.model_card(manifest, report).encode()
    write(out, manifest, files)
    for name in runners:
        bundle.EdgeModel(out, precision=name)
    return report


def plain_name(name: str) -> str:
    """Of a file, and inside YAML: letters, digits, dots and dashes."""
    return re.sub(r"[^A-Za-z0-9.-]+", "_", name).strip("_.") or "model"


def weights_of(ref: str) -> Path:
    """The file of a model reference that holds its weights."""
    path = Path(ref.rpartition(":")[2])
    return path / WEIGHTS if path.is_dir() else path


def write(out: Path, manifest: dict[str, Any], files: dict[str, bytes]) -> None:
    """The zip, whole or not at all."""
    hashes = {name: hashlib.sha256(content).hexdigest() for name, content in sorted(files.items())}
    held = {bundle.MANIFEST: _json({**manifest, "files": hashes}), **dict(sorted(files.items()))}
    fresh = out.with_name(f"{out.name}.new")
    with zipfile.ZipFile(fresh, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in held.items():
            entry = zipfile.ZipInfo(name, MOMENT)
            entry.compress_type, entry.external_attr = zipfile.ZIP_DEFLATED, 0o644 << 16
            archive.writestr(entry, content, compresslevel=6)
    fresh.replace(out)


def parity(model: YOLOX, runner: Runner, blob: Floats) -> float:
    """The greatest difference of any raw value between torch and onnxruntime, over the greatest value."""
    with torch.inference_mode():
        ours = dict(zip(OUTPUTS, RawOutputs(model.eval())(torch.from_numpy(blob)), strict=True))
    theirs = runner.maps(blob)
    return max(float(np.abs(theirs[n] - ours[n].numpy()).max() / max(1.0, ours[n].abs().max())) for n in OUTPUTS)


def _judged(
    model: YOLOX,
    fp32: onnx.ModelProto,
    frames: Frames,
    calibration: Sequence[dict[str, Any]],
    passes: Passes,
    options: Options,
    reads: Input,
) -> tuple[dict[str, Any], Input, dict[str, tuple[bytes, Runner]]]:
    """The report so far, the thresholds, and the networks by precision."""
    content = fp32.SerializeToString(deterministic=True)
    first = Runner(content, reads)
    difference = parity(model, first, _blob(frames, calibration[0], reads))
    if difference > LARGEST_DIFFERENCE:
        raise TooMuchLost(f"onnxruntime and torch differ by {difference:.2g} of the largest value.")
    judging = passes.judging
    results = passes.results(first, content)
    thresholds = judge.thresholds_of(judging, results, reads.categories)
    lowest = min(LOWEST_CANDIDATE, *(threshold / 2 for threshold in thresholds.values()))
    reads = Input(reads.width, reads.height, reads.categories, thresholds, round(lowest, 3))
    runners = {"fp32": (content, Runner(content, reads))}
    before = judge.judged(judging, results)
    if before.ap < 0:
        raise EmptySplit("No frame to judge on has a label of a category that its file knows.")
    camera = judge.judged(judging, passes.results(first, content, camera=True))
    report = {
        "parity": float(f"{difference:.1e}"),
        "ap": {k: round(v, 5) for k, v in asdict(before).items() if k.startswith("a") and v >= 0},
        "camera_420": judge.loss(before, camera, judging),
    }
    if options.eight_bits:
        try:
            lost, small = _in_eight_bits(fp32, frames, calibration, passes, options, reads, before)
        except TooMuchLost as refusal:
            refusal.report = {**report, "int8": refusal.report}
            raise
        report["int8"] = lost
        runners["int8"] = (small, Runner(small, reads))
    return report, reads, runners


def _in_eight_bits(
    fp32: onnx.ModelProto,
    frames: Frames,
    calibration: Sequence[dict[str, Any]],
    passes: Passes,
    options: Options,
    reads: Input,
    before: Any,
) -> tuple[dict[str, Any], bytes]:
    """All of it in 8 bits; where that loses too much, less of it, down the ladder. Raises: TooMuchLost when all of that does."""
    for keep in int8.LADDER:
        blobs = (_blob(frames, image, reads) for image in calibration)
        content = int8.quantised(fp32, blobs, method=options.method, keep=keep).SerializeToString(deterministic=True)
        after = judge.judged(passes.judging, passes.results(Runner(content, reads), content))
        lost = {**judge.loss(before, after, passes.judging), "in_32_bits": keep}
        try:
            judge.refuse_above(options.limits, lost, "8 bits")
            break
        except TooMuchLost:
            if keep == int8.LADDER[-1]:
                raise
            passes.expect(1)
    return lost, content


def _blob(frames: Frames, image: dict[str, Any], reads: Input) -> Floats:
    return letterbox(frames.load(image), reads.width, reads.height)[0]


def _figures(model: YOLOX, operators: BpuReport, options: Options) -> dict[str, Any]:
    cost = cost_of(model, options.width, options.height)
    chip = {name: value for name, value in operators.as_json().items() if name != "nodes"}
    chip["reasons"] = operators.reasons
    size = {"width": options.width, "height": options.height}
    return {"input": size, "parameters": cost.parameters, "gflops": round(cost.gflops, 4), "horizon_x3": chip}


def _telling_picture(runner: Runner, frames: Frames) -> Pixels:
    """The frame with the most labels; of several, the first."""
    best, most = frames.load(frames.images[0]), -1
    for image in frames.images[:32]:
        pixels = frames.load(image)
        found = sum(not each.candidate for each in runner.detect(pixels))
        if found > most:
            best, most = pixels, found
    return best


def _manifest(about: Card, options: Options, reads: Input, expected: dict[str, Any], sha256: str) -> dict[str, Any]:
    return {
        "format": bundle.FORMAT,
        "name": options.name,
        "network": {"family": "yolox", "size": about.size, "pruned": about.pruned, "weights_sha256": sha256},
        "input": {
            "width": options.width,
            "height": options.height,
            "layout": "NCHW",
            "colour": "BGR 0-255",
            "letterbox": "top left, 114",
            "camera": "RGB or NV12, full range BT.601",
        },
        "outputs": list(OUTPUTS),
        "categories": list(reads.categories),
        "thresholds": dict(reads.thresholds),
        "candidate_threshold": reads.candidate_threshold,
        "self_test": expected,
    }


def _png(pixels: Pixels) -> bytes:
    held = io.BytesIO()
    Image.fromarray(pixels).save(held, format="PNG")
    return held.getvalue()


def _json(value: Any) -> bytes:
    return json.dumps(value, indent=1, sort_keys=True, allow_nan=False).encode() + b"\n"
