"""MOT Challenge: `gt/gt.txt` with frame, track, x, y, width, height, flag, class, visibility; `seqinfo.ini` and `img1/` beside it. Frames count from 1."""

import configparser
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

from ml.errors import BadAnnotations
from webapp.datasets.formats.labelled import IGNORE, Labelled, LabelledBox, LabelledImage, pictures_below
from webapp.datasets.formats.markup import number

TITLE = "MOT"
HOLDS = ("size", "crowd", "ignore", "occluded", "track", "blanks")
NAMES = (  # of the benchmark; `gt/labels.txt`, as CVAT and datumaro write it, comes first
    "pedestrian", "person_on_vehicle", "car", "bicycle", "motorbike", "non_mot_vehicle", "static_person",
    "distractor", "occluder", "occluder_on_the_ground", "occluder_full", "reflection",
)  # fmt: skip
FIELDS = 6
FLAG, CLASS, VISIBLE = 6, 7, 8
SEEN, HALF_SEEN = 1.0, 0.5


def claims(folder: Path) -> bool:
    return folder.is_dir() and any(folder.rglob("gt/gt.txt"))


def read(path: Path) -> Labelled:
    """One sequence: the folder that holds `gt` (or `det`, whose seventh column is a score).

    Raises:
        BadAnnotations: there is no such file, or there are several sequences.
    """
    files = [*path.rglob("gt/gt.txt")] or [*path.rglob("det/det.txt")]
    if len(files) != 1:
        raise BadAnnotations(f"{path.name} holds {len(files)} files gt/gt.txt or det/det.txt where a sequence has one.")
    labelled = Labelled(())
    frames: dict[int, list[LabelledBox]] = {}
    for line, text in enumerate(files[0].read_text(errors="replace").splitlines(), 1):
        if text.strip():
            _add(text.split(","), f"{files[0].name}:{line}", _names(files[0].parent), frames, labelled)
    root = files[0].parent.parent
    labelled.images = _images(root, frames, labelled)
    return labelled


def picture(name: str) -> str:
    return f"img1/{name}"


def write(images: Iterable[LabelledImage], categories: Sequence[str], folder: Path) -> None:
    """Objects without a track have -1 for it; crowds and regions to ignore have flag 0, the latter class -1."""
    (folder / "gt").mkdir()
    (folder / "gt" / "labels.txt").write_text("".join(f"{name}\n" for name in categories))
    known = {name: place for place, name in enumerate(categories, 1)}
    times: list[float] = []
    count, size = 0, (0, 0)
    with (folder / "gt" / "gt.txt").open("w") as file:
        for count, image in enumerate(images, 1):
            size = image.size or size
            times = [*times, image.time_ms][:2]
            file.writelines(_line(count, box, known) for box in image.boxes)
    settings = f"name=sequence\nimDir=img1\nframeRate={_frame_rate(times)}\nseqLength={count}\nimWidth={size[0]}\nimHeight={size[1]}\nimExt=.jpg\n"
    (folder / "seqinfo.ini").write_text(f"[Sequence]\n{settings}")


def _frame_rate(times: Sequence[float]) -> int:
    """Whole pictures a second, as the format has them, by the first two; one where it is less or not known."""
    step_ms = times[1] - times[0] if len(times) == 2 else 0.0
    return max(1, round(1000 / step_ms)) if step_ms > 0 else 1


def _line(frame: int, box: LabelledBox, known: dict[str, int]) -> str:
    track = -1 if box.track is None else box.track
    numbers = ",".join(map(repr, box.box_xywh))
    category = -1 if box.category == IGNORE else known[box.category]
    visible = HALF_SEEN / 2 if box.occluded else SEEN
    return f"{frame},{track},{numbers},{int(not box.crowd)},{category},{visible}\n"


def _add(
    fields: list[str], where: str, names: Sequence[str], frames: dict[int, list[LabelledBox]], labelled: Labelled
) -> None:
    frame = number(fields[0], int)
    if len(fields) < FIELDS or frame is None or frame < 1:
        labelled.problems.append(f"{where}: no frame from 1 and five numbers behind it: {','.join(fields)[:80]}")
        return
    kind = number(fields[CLASS], int) if len(fields) > CLASS else 1
    if kind != -1 and not (isinstance(kind, int) and 1 <= kind <= len(names)):
        labelled.problems.append(f"{where}: class {fields[CLASS]} has no name")
        return
    category = IGNORE if kind == -1 else names[kind - 1]
    frames.setdefault(frame, []).extend(labelled.box(fields[2:6], category, where, **_facts(fields)))


def _facts(fields: list[str]) -> dict[str, Any]:
    """Of truth, whether it counts and how much is seen; of detections, which have no class, the score."""
    track, flag = number(fields[1], int), number(fields[FLAG]) if len(fields) > FLAG else 1
    visible = number(fields[VISIBLE]) if len(fields) > VISIBLE else SEEN
    facts = {"track": track if track is not None and track >= 0 else None}
    if len(fields) <= CLASS or (fields[CLASS].strip() == "-1" and flag not in (0, 1)):
        return {**facts, "score": flag}
    return {**facts, "crowd": flag == 0, "occluded": visible is not None and visible < HALF_SEEN}


def _images(root: Path, frames: dict[int, list[LabelledBox]], labelled: Labelled) -> Iterator[LabelledImage]:
    facts = _sequence(root)
    pictures = pictures_below(root / facts.get("imdir", "img1"))
    size = number(facts.get("imwidth"), int), number(facts.get("imheight"), int)
    count = len(pictures) or number(facts.get("seqlength"), int) or max(frames, default=0)
    for frame in range(1, count + 1):
        path = pictures[frame - 1] if pictures else None
        name = path.name if path else f"{frame:06d}.jpg"
        yield LabelledImage(path, name, tuple(frames.pop(frame, ())), size if all(size) else None)
    for frame, boxes in sorted(frames.items()):
        labelled.problems.append(f"frame {frame}: {len(boxes)} boxes, but there are {count} pictures")


def _sequence(root: Path) -> dict[str, str]:
    parser = configparser.ConfigParser(interpolation=None)
    try:
        parser.read(root / "seqinfo.ini", encoding="utf-8")
        return dict(parser["Sequence"])
    except (configparser.Error, KeyError, UnicodeDecodeError):
        return {}


def _names(folder: Path) -> Sequence[str]:
    file = folder / "labels.txt"
    return file.read_text(errors="replace").splitlines() if file.is_file() else NAMES
