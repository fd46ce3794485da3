"""`python -m ml.synth --seed 7 --seconds 10 --out DIR`: a drive as video (or stills) with its truth in COCO form."""

from __future__ import annotations

import argparse
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Protocol

import av
import numpy as np
from PIL import Image

from ml.synth import DriveSpec, SynthFrame, render_drive
from ml.synth.world import TIMES_OF_DAY, WEATHERS
from ml.taxonomies import GDDA13

DEPTH_STEPS_PER_M = 256  # as KITTI's depth maps: uint16 PNG, 0 where there is no surface
OCCLUDED = 0.9  # an object that shows less than this share is flagged


def main(arguments: Sequence[str] | None = None) -> None:
    """Parse, render, write `drive.mp4` or `frames/`, `depth/` on request, and `truth.json`."""
    options = _parser().parse_args(arguments)
    spec = _spec(options)
    out: Path = options.out
    out.mkdir(parents=True, exist_ok=True)
    writers: list[_Writer] = [
        _Stills(out / "frames") if options.frames else _Video(out / "drive.mp4", spec, options.bit_rate)
    ]
    if options.depth:
        writers.append(_Depth(out / "depth"))
    truth = Truth(spec, "frames/" if options.frames else "")
    for frame in render_drive(spec):
        truth.add(frame)
        for writer in writers:
            writer.add(frame)
    for writer in writers:
        writer.close()
    (out / "truth.json").write_text(json.dumps(truth.coco))
    print(json.dumps({"frames": len(truth.coco["images"]), "boxes": len(truth.coco["annotations"]), "out": str(out)}))


class Truth:
    """COCO, with `track_id`, `visibility`, `occluded`, `truncated`, `distance_m` and `cipo` on the annotations, the ego lane on the images.

    A folder of stills with it is a data set that `manage.py import_dataset --format coco` and `ml.train` read.
    """

    def __init__(self, spec: DriveSpec, folder: str = "") -> None:
        self._spec, self._folder = spec, folder
        self._ids = {category.name: index for index, category in enumerate(GDDA13, 1)}
        categories = [{"id": id, "name": name} for name, id in self._ids.items()]
        self.coco: dict[str, Any] = {"images": [], "annotations": [], "categories": categories}

    def add(self, frame: SynthFrame) -> None:
        image_id = frame.index + 1
        size = {"width": self._spec.width, "height": self._spec.height}
        about = {"drive": f"rendered-{self._spec.seed}", "time_ms": frame.time_ms, "lanes": frame.lanes, **frame.scene}
        file_name = f"{self._folder}{frame.index:06d}.jpg"
        self.coco["images"].append({"id": image_id, "file_name": file_name, **size, **about})
        for box in frame.boxes:
            self.coco["annotations"].append(
                {
                    "id": len(self.coco["annotations"]) + 1,
                    "image_id": image_id,
                    "category_id": self._ids[box.category],
                    "bbox": list(box.box_xywh),
                    "area": box.box_xywh[2] * box.box_xywh[3],
                    "iscrowd": 0,
                    "track_id": box.track,
                    "visibility": round(box.visibility, 4),
                    "occluded": box.visibility < OCCLUDED,
                    "truncated": box.truncated,
                    "distance_m": round(box.distance_m, 3),
                    "cipo": box.cipo,
                }
            )


class _Writer(Protocol):
    def add(self, frame: SynthFrame) -> None: ...

    def close(self) -> None: ...


class _Stills:
    def __init__(self, folder: Path) -> None:
        self._folder = folder
        folder.mkdir(parents=True, exist_ok=True)

    def add(self, frame: SynthFrame) -> None:
        Image.fromarray(frame.image).save(self._folder / f"{frame.index:06d}.jpg", quality=92)

    def close(self) -> None:
        """Every still is written already."""


class _Depth(_Stills):
    def add(self, frame: SynthFrame) -> None:
        assert frame.depth is not None
        steps = np.where(np.isfinite(frame.depth), frame.depth * DEPTH_STEPS_PER_M, 0).clip(0, 65535)
        Image.fromarray(steps.round().astype(np.uint16)).save(self._folder / f"{frame.index:06d}.png")


class _Video:
    def __init__(self, path: Path, spec: DriveSpec, bit_rate: int) -> None:
        codec = "libx264" if "libx264" in av.codecs_available else "mpeg4"
        self._container = av.open(str(path), "w")
        stream: Any = self._container.add_stream(codec, rate=round(spec.fps))
        stream.width, stream.height, stream.pix_fmt = spec.width, spec.height, "yuv420p"
        stream.bit_rate = bit_rate
        self._stream = stream

    def add(self, frame: SynthFrame) -> None:
        self._container.mux(self._stream.encode(av.VideoFrame.from_ndarray(frame.image, format="rgb24")))

    def close(self) -> None:
        self._container.mux(self._stream.encode())
        self._container.close()


def _spec(options: argparse.Namespace) -> DriveSpec:
    return DriveSpec(
        seed=options.seed,
        width=options.width,
        height=options.height,
        fps=options.fps,
        seconds=options.seconds,
        time_of_day=options.time_of_day,
        weather=options.weather,
        shutter_s=options.shutter_ms / 1000,
        shake=options.shake,
        randomised=options.randomised,
        dense=options.depth,
    )


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m ml.synth", description=__doc__)
    parser.add_argument("--seed", type=int, required=True)
    parser.add_argument("--out", type=Path, required=True, metavar="DIR")
    parser.add_argument("--width", type=int, default=1280)
    parser.add_argument("--height", type=int, default=720)
    parser.add_argument("--fps", type=float, default=10.0)
    parser.add_argument("--seconds", type=float, default=10.0)
    parser.add_argument("--time-of-day", choices=list(TIMES_OF_DAY))
    parser.add_argument("--weather", choices=list(WEATHERS))
    parser.add_argument("--frames", action="store_true", help="JPEG stills instead of a video")
    parser.add_argument("--depth", action="store_true", help="also depth/*.png: uint16, metres * 256, 0 in the sky")
    parser.add_argument("--randomised", action="store_true", help="random colours, textures, lights, lens and shapes")
    parser.add_argument("--shutter-ms", type=float, default=0.0, help="exposure time; blurs what moves")
    parser.add_argument("--shake", type=float, default=1.0, help="times the camera's usual trembling")
    parser.add_argument("--bit-rate", type=int, default=4_000_000)
    return parser


if __name__ == "__main__":
    main()
