"""`python -m ml.export MODEL --out ZIP`: a trained YOLOX as one file for a device; the report as one JSON line."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path

from ml.data.hashing import sha256_file
from ml.errors import MlError
from ml.export.frames import RENDERED, read_frames
from ml.export.int8 import METHODS
from ml.export.judge import Limits
from ml.export.package import Options, options_for, package, weights_of
from ml.models.yolox.folder import Card
from ml.models.yolox.training import open_yolox


def main() -> int:
    """0, or 1 with the reason on stderr."""
    options = _options()
    try:
        model, card = open_yolox(options.model)
        frames = read_frames(options.frames, limit=options.limit)
        halves = (frames, read_frames(options.judge, limit=options.limit)) if options.judge else frames.halves()
        report = package(
            model, card, *halves, _chosen(options, card), options.out, sha256=sha256_file(weights_of(options.model))
        )
    except MlError as error:
        print(f"{error.code}: {error.detail} {error.hint}".rstrip(), file=sys.stderr)
        return 1
    print(json.dumps({"zip": str(options.out), "sha256": sha256_file(options.out), **report}))
    return 0


def _chosen(options: argparse.Namespace, card: Card) -> Options:
    return options_for(
        card,
        options.name or Path(options.model.rpartition(":")[2]).stem,
        options.width,
        options.height,
        calibration=options.calibration,
        eight_bits=not options.no_int8,
        openvino=options.openvino,
        method=options.method,
        limits=Limits(options.most_lost, options.most_lost_category),
    )


def _options() -> argparse.Namespace:
    limits = Limits()
    parser = argparse.ArgumentParser(prog="python -m ml.export", description=__doc__)
    parser.add_argument("model", help="a folder that a YOLOX was trained into, yolox:<file> or yolox-onnx:<file>")
    parser.add_argument("--out", type=Path, required=True, metavar="ZIP")
    parser.add_argument("--name", default="", help="of the model; its folder's unless told")
    parser.add_argument("--frames", default=RENDERED, help="a COCO file to calibrate with; rendered frames unless told")
    parser.add_argument("--judge", default="", help="a COCO file to judge on; half of the frames unless told")
    parser.add_argument("--limit", type=int, default=0, help="at most so many frames of each, drawn by slice")
    parser.add_argument("--width", type=int, default=0, help="of the input; as in training unless told")
    parser.add_argument("--height", type=int, default=0)
    parser.add_argument("--calibration", type=int, default=100, help="frames to calibrate with (%(default)s)")
    parser.add_argument("--method", default="minmax", choices=METHODS, help="of calibration (%(default)s)")
    parser.add_argument("--no-int8", action="store_true", help="leave the 8-bit network out")
    parser.add_argument("--most-lost", type=float, default=limits.overall, help="AP that 8 bits may lose (%(default)s)")
    parser.add_argument("--openvino", action="store_true", help="add OpenVINO's files; it must be installed")
    parser.add_argument(
        "--most-lost-category", type=float, default=limits.category, help="and any category (%(default)s)"
    )
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
