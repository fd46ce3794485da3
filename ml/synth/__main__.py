"""`python -m ml.synth --seed 7 --seconds 10 --out DIR`: a drive as video (or stills) with its truth in COCO form."""

from __future__ import annotations

import argparse
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import av
from PIL import Image

from ml.synth import DriveSpec, SynthFrame, render_drive
from ml.taxonomies import GDDA13


def main(arguments: Sequence[str] | None = None) -> None:
    """Parse, render, write `drive.mp4` or `frames/`, and `truth.json`."""
    options = _parser().parse_args(arguments)
    spec = DriveSpec(
        options.seed, options.width, options.height, options.fps, options.seconds, options.time_of_day, options.weather
    )
    out: Path = options.out
    out.mkdir(parents=True, exist_ok=True)
    frames = render_drive(spec)
    truth = Truth(spec)
    write = _Stills(out / "frames") if options.frames else _Video(out / "drive.mp4", spec, options.bit_rate)
    for frame in frames:
        truth.add(frame)
        write.add(frame)
    write.close()
    (out / "truth.json").write_text(json.dumps(truth.coco))
    print(json.dumps({"frames": len(truth.coco["images"]), "boxes": len(truth.coco["annotations"]), "out": str(out)}))


class Truth:
    """COCO, with `track_id`, `visibility`, `distance_m` and `cipo` on the annotations and the ego lane on the images."""

    def __init__(self, spec: DriveSpec) -> None:
        self._spec = spec
        self._ids = {category.name: index for index, category in enumerate(GDDA13, 1)}
        categories = [{"id": id, "name": name} for name, id in self._ids.items()]
        self.coco: dict[str, Any] = {"images": [], "annotations": [], "categories": categories}

    def add(self, frame: SynthFrame) -> None:
        image_id = frame.index + 1
        size = {"width": self._spec.width, "height": self._spec.height}
        about = {"time_ms": frame.time_ms, "lanes": frame.lanes, **frame.scene}
        self.coco["images"].append({"id": image_id, "file_name": f"{frame.index:06d}.jpg", **size, **about})
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
                    "distance_m": round(box.distance_m, 3),
                    "cipo": box.cipo,
                }
            )


class _Stills:
    def __init__(self, folder: Path) -> None:
        self._folder = folder
        folder.mkdir(parents=True, exist_ok=True)

    def add(self, frame: SynthFrame) -> None:
        Image.fromarray(frame.image).save(self._folder / f"{frame.index:06d}.jpg", quality=92)

    def close(self) -> None:
        """Every still is written already."""


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


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m ml.synth", description=__doc__)
    parser.add_argument("--seed", type=int, required=True)
    parser.add_argument("--out", type=Path, required=True, metavar="DIR")
    parser.add_argument("--width", type=int, default=1280)
    parser.add_argument("--height", type=int, default=720)
    parser.add_argument("--fps", type=float, default=10.0)
    parser.add_argument("--seconds", type=float, default=10.0)
    parser.add_argument("--time-of-day", choices=["day", "dusk", "night"])
    parser.add_argument("--weather", choices=["clear", "rain", "fog", "glare", "snow"])
    parser.add_argument("--frames", action="store_true", help="JPEG stills instead of a video")
    parser.add_argument("--bit-rate", type=int, default=4_000_000)
    return parser


if __name__ == "__main__":
    main()
