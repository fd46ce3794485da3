"""Bring a labelled data set into a drive: its pictures as frames, its boxes as labels. All of it, or nothing.

The label file is read as a stream, twice: once to see what is in it, once to bring it in. Pictures are stored and rows are prepared on disk first;
then all rows are written in one transaction, so that others wait for the rows alone. Pictures of an import that is cancelled or fails leave the store
again; those of one that was killed stay, as content that the next try finds.
"""

import gc
import marshal
import tempfile
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import groupby
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np
from django.db import transaction
from django.db.models import Case, F, Value, When
from numpy.typing import NDArray
from PIL import Image

from ml.boxes import clip_xywh
from ml.data.hashing import perceptual_hash
from ml.data.images import encode_jpeg, open_still, still_bytes, thumbnail
from ml.edge.scene_state import time_of_day
from ml.errors import BadMedia
from webapp.accounts.models import Workspace
from webapp.core import storage
from webapp.core.errors import DomainError
from webapp.datasets.formats.labelled import IGNORE, Labelled, LabelledBox, LabelledImage
from webapp.footage.models import Clip, Drive, Frame
from webapp.footage.services import drive_create, drive_name_check, drive_settle, safe_name
from webapp.labels.bulk import BoxRow, Origin, boxes_load
from webapp.labels.models import Box, BoxEvent, Track
from webapp.labels.prelabels import drive_shows
from webapp.registry.models import ModelVersion
from webapp.taxonomy.models import Category, Taxonomy

MIN_SIDE_PX = 1.0
BATCH = 500  # pictures
Read = Callable[[], Labelled]
Alter = Callable[[Image.Image], Image.Image]
Batch = list[tuple[tuple[Any, ...], list[tuple[Any, ...]]]]  # pictures, each with its boxes as plain values
TRUTH = Origin(Box.Source.IMPORTED, Box.State.ACCEPTED, None, BoxEvent.Kind.IMPORTED)


@dataclass
class ImportReport:
    """What came, and what was left out and why."""

    frames: int = 0
    boxes: int = 0
    ignore_regions: int = 0
    clipped: int = 0
    by_category: dict[str, int] = field(default_factory=dict)
    problems: list[str] = field(default_factory=list)


@dataclass
class Survey:
    """What a data set holds, as read and before anything is written."""

    frames: int = 0
    boxes: int = 0
    scored: int = 0
    pictures: int = 0
    by_category: Counter[str] = field(default_factory=Counter)
    problems: list[str] = field(default_factory=list)


def survey(read: Read, look: Callable[[LabelledImage], None] = lambda image: None) -> Survey:
    """Read it once, to its end."""
    found = Survey()
    labelled = read()
    for image in labelled.images:
        found.frames += 1
        found.pictures += image.path is not None
        found.boxes += len(image.boxes)
        for box in image.boxes:
            found.by_category[box.category] += 1
            found.scored += box.score is not None
        look(image)
    found.problems = labelled.problems
    return found


def category_mapping(
    counts: Mapping[str, int], taxonomy: Taxonomy, *, mapped: Mapping[str, str], ignored: frozenset[str]
) -> dict[str, Category | None]:
    """Source category -> ours, or None for a region to ignore: by the user's word, then by name, then by alias.

    Raises:
        DomainError `unknown_categories`, naming them all with their counts; `unknown_target` for a mapping to nowhere.
    """
    ours = {category.name: category for category in taxonomy.categories.all()}
    aliases = {alias: category for category in ours.values() for alias in category.aliases}
    if wrong := sorted(set(mapped.values()) - ours.keys()):
        raise DomainError("unknown_target", f"{taxonomy} has no category {', '.join(wrong)}; it has {', '.join(ours)}.")
    found: dict[str, Category | None] = {}
    unknown: Counter[str] = Counter()
    for name, count in counts.items():
        if name in ignored or name == IGNORE:
            found[name] = None
        elif name in mapped or name in ours or name in aliases:
            found[name] = ours[mapped[name]] if name in mapped else ours.get(name) or aliases[name]
        else:
            unknown[name] = count
    if unknown:
        told = ", ".join(f"{name} ({count} boxes)" for name, count in unknown.most_common())
        raise DomainError(
            "unknown_categories", f"{taxonomy} does not know: {told}. Map each with Name=category, or ignore it."
        )
    return found


def import_labelled(
    read: Read,
    *,
    workspace: Workspace,
    taxonomy: Taxonomy,
    drive_name: str,
    categories: Mapping[str, Category | None],
    alter: Alter | None = None,
) -> tuple[Drive, ImportReport]:
    """A new drive with audited frames; `alter` makes of each picture what is kept of it.

    Raises:
        Conflict `name_taken`: the drive exists; this import never mixes into one.
    """
    drive_name_check(workspace, drive_name)
    with Prepared(alter=alter) as prepared:
        prepared.fill(read, {})
        with transaction.atomic():
            drive = drive_create(workspace=workspace, name=drive_name, taxonomy=taxonomy)
            report = labels_write(prepared, drive=drive, categories=categories)
    drive.refresh_from_db()
    return drive, report


class Prepared:
    """A data set ready to be written: pictures in the store, rows in a temporary file, problems in words."""

    def __init__(
        self, *, keep: bool = True, left_by: tuple[type[BaseException], ...] = (), alter: Alter | None = None
    ) -> None:
        """With `keep` False pictures are opened and judged, and not stored. After an error its pictures leave the store, but for those in `left_by`."""
        self.keep, self._left_by, self._alter = keep, left_by, alter
        self._made: list[tuple[str, str]] = []
        self._file: BinaryIO = tempfile.TemporaryFile(prefix="headway-import-")  # noqa: SIM115 - closed by `with`
        self.problems: list[str] = []
        self.frames = 0

    def __enter__(self) -> "Prepared":
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        self._file.close()
        if kind is not None and issubclass(kind, Exception) and not issubclass(kind, self._left_by):
            pictures_forget(self._made)

    def fill(
        self, read: Read, there: Mapping[str, Any], on_progress: Callable[[int], None] = lambda done: None
    ) -> None:
        """`there` are the drive's frames by name, as (id, width, height); what it holds needs no picture."""
        labelled = read()
        self.problems = labelled.problems
        with uncollected():
            self._write_batches(labelled, there, on_progress)

    def _write_batches(self, labelled: Labelled, there: Mapping[str, Any], on_progress: Callable[[int], None]) -> None:
        batch = []
        for index, image in enumerate(labelled.images):
            if (row := self._picture(image, index, there)) is not None:
                boxes = [_plain(box) for box in image.boxes]
                batch.append((row, boxes))
                self.frames += 1
            if len(batch) == BATCH:
                self._keep(batch)
                batch = []
            on_progress(index + 1)
        self._keep(batch)

    def _keep(self, batch: Batch) -> None:
        packed = marshal.dumps(batch)
        self._file.write(len(packed).to_bytes(8))
        self._file.write(packed)

    def batches(self) -> Iterator[Batch]:
        """Each read whole: marshal asks a file for every value by itself, four times as slow."""
        self._file.seek(0)
        while head := self._file.read(8):
            yield marshal.loads(self._file.read(int.from_bytes(head)))  # noqa: S302 - written above, by this process

    def _picture(self, image: LabelledImage, index: int, there: Mapping[str, Any]) -> tuple[Any, ...] | None:
        """(frame id or None, index, name, size, keys, time) of a picture that can be used; the others become problems."""
        if (known := there.get(frame_key(image.name))) is not None:
            id, width, height = known
            if not image.size or image.size == (width, height):
                return (id, index, image.name, width, height, "", "", 0, image.time_ms)
            why = f"the label file says {_size(image.size)}, the frame is {_size((width, height))}"
        elif image.path is None:
            why = "no such picture" if not there else "no such picture, neither here nor in the drive"
        else:
            try:
                return _stored(image, index, keep=self.keep, made=self._made, alter=self._alter)
            except BadMedia as error:
                why = error.detail
        self.problems.append(f"{image.name}: {why}")
        return None


@transaction.atomic
def labels_write(
    prepared: Prepared, *, drive: Drive, categories: Mapping[str, Category | None], model: ModelVersion | None = None
) -> ImportReport:
    """The rows of a prepared data set: frames that are new, then boxes. With a model the boxes are its pre-labels and wait for an audit."""
    report = ImportReport(problems=list(prepared.problems))
    origin = TRUTH if model is None else Origin(Box.Source.PSEUDO, Box.State.PENDING, model.id, BoxEvent.Kind.PROPOSED)
    writer = _Writer(drive, origin, categories, report)
    with uncollected():
        for batch in prepared.batches():
            writer.write(batch)
    if model is not None:
        drive_shows(drive, model)
    drive_settle(drive)
    return report


@contextmanager
def uncollected() -> Iterator[None]:
    """No search for cycles meanwhile. Rows by the hundred thousand have none, and looking through them took a quarter of an import."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


class _Writer:
    """Frames and boxes of one import, batch by batch."""

    def __init__(
        self, drive: Drive, origin: Origin, categories: Mapping[str, Category | None], report: ImportReport
    ) -> None:
        self.drive, self.origin, self.categories, self.report = drive, origin, categories, report
        self.tracks: dict[int, int] = {}
        self.clip: Clip | None = None
        self.state = Frame.State.AUDITED if origin.model_version is None else Frame.State.PRELABELLED

    def write(self, batch: Batch) -> None:
        new = [picture for picture, _ in batch if picture[0] is None]
        created = iter(Frame.objects.bulk_create([self._frame(picture) for picture in new]))
        self._know_tracks({box[-1] for _, boxes in batch for box in boxes} - {None})
        frames = [next(created).id if picture[0] is None else picture[0] for picture, _ in batch]
        self._touch([picture[0] for picture, _ in batch if picture[0] is not None])
        boxes_load(self._rows(batch, frames), self.origin)
        self.report.frames += len(batch)

    def _rows(self, batch: Batch, frames: list[int]) -> list[BoxRow]:
        """The batch's boxes inside their pictures, checked as columns; one by one only those that reach outside."""
        flat = [box for _, boxes in batch for box in boxes]
        if not flat:
            return []
        counts = [len(boxes) for _, boxes in batch]
        sizes = np.repeat([(picture[3], picture[4]) for picture, _ in batch], counts, axis=0)
        *sides, names, _, score, crowd, occluded, truncated, track = zip(*flat, strict=True)
        x, y, width, height = (np.array(side, np.float64) for side in sides)
        inside = _all_inside(x, y, width, height, sizes)
        kept = list(range(len(flat)))
        if not inside.all():
            corrected = {place: self._corrected(flat[place], *sizes[place].tolist()) for place in np.flatnonzero(~inside).tolist()}  # fmt: skip
            kept = [place for place in kept if corrected.get(place, flat) is not None]
            whole = [corrected.get(place) or box[:4] for place, box in enumerate(flat)]
            sides = list(zip(*whole, strict=True))
        self._count(names[place] for place in kept)
        ids = {name: category.id if category else None for name, category in self.categories.items()}
        columns: list[Sequence[Any]] = [
            np.repeat(frames, counts).tolist(),
            *sizes.T.tolist(),
            [ids[name] for name in names],
            *sides,
            score,
            [bool(one) or ids[name] is None for one, name in zip(crowd, names, strict=True)],
            occluded,
            truncated,
            [None if number is None else self.tracks[number] for number in track],
        ]
        if len(kept) < len(flat):
            columns = [[column[place] for place in kept] for column in columns]
        return list(map(BoxRow._make, zip(*columns, self._places(columns[0]), strict=True)))

    def _places(self, frames: Sequence[int]) -> Iterator[int | None]:
        """A model's boxes are numbered within their frame."""
        if self.origin.model_version is None:
            yield from (None for _ in frames)
            return
        for _, of_frame in groupby(frames):
            yield from (place for place, _ in enumerate(of_frame))

    def _count(self, names: Iterable[str]) -> None:
        for name, count in Counter(names).items():
            category = self.categories[name]
            counted = category.name if category else IGNORE
            self.report.by_category[counted] = self.report.by_category.get(counted, 0) + count
            self.report.ignore_regions += count * (category is None)
            self.report.boxes += count * (category is not None)

    def _corrected(self, box: tuple[Any, ...], width: int, height: int) -> tuple[float, ...] | None:
        """The part of a box inside its picture, or None where too little is left; either way the report says so."""
        x, y, w, h, _, where, *_ = box
        inside = _inside(x, y, w, h, width, height)
        if inside is None or min(inside[2], inside[3]) < MIN_SIDE_PX:
            why = "has no part inside the picture" if inside is None else "has less than a pixel inside the picture"
            self.report.problems.append(f"{where}: the box {[x, y, w, h]} {why}")
            return None
        if max(abs(inside[0] - x), abs(inside[1] - y), abs(inside[2] - w), abs(inside[3] - h)) > Box.EDGE_TOLERANCE_PX:
            self.report.clipped += 1
            self.report.problems.append(f"{where}: the box {[x, y, w, h]} reached outside the picture and was clipped")
        return inside

    def _know_tracks(self, numbers: set[int]) -> None:
        """A track of the file is a new object of the drive, numbered after those that it has."""
        new = sorted(numbers - self.tracks.keys())
        if not new:
            return
        mine = Track.objects.filter(drive=self.drive, model_version_id=self.origin.model_version)
        last = mine.order_by("-number").values_list("number", flat=True).first() or 0
        made = Track.objects.bulk_create(
            Track(drive=self.drive, model_version_id=self.origin.model_version, number=last + place)
            for place in range(1, len(new) + 1)
        )
        self.tracks.update(zip(new, (track.id for track in made), strict=True))

    def _touch(self, ids: list[int]) -> None:
        """Frames that the drive had: new ones have labels now; all have another version, so that nobody saves over them unknowingly."""
        there = Frame.objects.filter(id__in=ids)
        list(
            there.select_for_update().order_by("id").values_list("id")
        )  # in the order in which everybody locks several
        labelled = Case(When(state=Frame.State.NEW, then=Value(self.state)), default=F("state"))
        there.update(state=labelled, version=F("version") + 1)

    def _frame(self, picture: tuple[Any, ...]) -> Frame:
        _, index, name, width, height, key, thumbnail_key, phash, time_ms, light = picture
        return Frame(
            workspace_id=self.drive.workspace_id,
            drive=self.drive,
            clip=self._clip(),
            index=index,
            time_ms=time_ms,
            name=f"{self._prefix}{safe_name(Path(name).stem)}_{index:06d}.jpg",
            sha256=Path(key).stem,
            phash=phash,
            width=width,
            height=height,
            image_key=key,
            thumbnail_key=thumbnail_key,
            scene={"time_of_day": light} if light else {},
            state=self.state,
        )

    def _clip(self) -> Clip:
        if self.clip is None:
            count = self.drive.clips.count()
            self._prefix = f"import{count + 1}/" if count else ""  # names are unique in a drive
            self.clip = Clip.objects.create(
                drive=self.drive,
                filename=self.drive.name,
                kind=Clip.Kind.ARCHIVE,
                state=Clip.State.READY,
                key="",
                size=0,
                sha256=f"import-{self.drive.id}-{count}" if count else f"import-{self.drive.id}",
            )
        return self.clip


def frames_there(drive: Drive) -> dict[str, tuple[int, int, int]]:
    """The drive's frames by what a label file may call them; a name that two frames share is nobody's."""
    found: dict[str, tuple[int, int, int]] = {}
    twice: set[str] = set()
    for id, name, width, height in drive.frames.values_list("id", "name", "width", "height"):
        key = frame_key(name)
        twice.update({key} & found.keys())
        found[key] = (id, width, height)
    return {key: frame for key, frame in found.items() if key not in twice}


def frame_key(name: str) -> str:
    """The last part of a name without its ending: folders and encodings differ between tools."""
    return Path(name.replace("\\", "/").replace("__", "/")).stem


def _stored(
    image: LabelledImage, index: int, *, keep: bool, made: list[tuple[str, str]], alter: Alter | None
) -> tuple[Any, ...]:
    """The picture's row; in `made` its keys, where the store did not have them."""
    assert image.path is not None
    picture = open_still(image.path)
    if image.size and image.size != picture.size:
        raise BadMedia(
            f"the label file says {_size(image.size)}, the picture is {_size(picture.size)}", code="wrong_size"
        )
    if not keep:
        return (None, index, image.name, *picture.size, f"dry/{index}.jpg", "", 0, image.time_ms, "")
    if alter:
        picture = alter(picture)
    still, small = encode_jpeg(picture) if alter else still_bytes(image.path, picture), thumbnail(picture)
    keys = storage.key_of(still, ".jpg"), storage.key_of(small, ".thumb.jpg")
    if not storage.exists(keys[0]):
        made.append(keys)
    storage.put_bytes(still, ".jpg")
    storage.put_bytes(small, ".thumb.jpg")
    light = time_of_day(np.asarray(picture))
    return (None, index, image.name, *picture.size, *keys, perceptual_hash(picture), image.time_ms, light)


def pictures_forget(made: Sequence[tuple[str, str]]) -> None:
    """Take pictures that an import stored, and that no frame names, out of the store again."""
    for start in range(0, len(made), BATCH):
        part = made[start : start + BATCH]
        hashes = [Path(key).stem for key, _ in part]
        # By workspace, so that the index of contents is read.
        frames = Frame.objects.filter(workspace__in=list(Workspace.objects.values_list("id", flat=True)))
        named = set(frames.filter(sha256__in=hashes).values_list("sha256", flat=True))
        for key, thumbnail_key in part:
            if Path(key).stem not in named:
                storage.remove(key)
                storage.remove(thumbnail_key)


def _plain(box: LabelledBox) -> tuple[Any, ...]:
    return (*box.box_xywh, box.category, box.where, box.score, box.crowd, box.occluded, box.truncated, box.track)


def _inside(
    x: float, y: float, w: float, h: float, width: int, height: int
) -> tuple[float, float, float, float] | None:
    """The part inside the picture; a box that lies inside stays as it is, to the last bit."""
    if x >= 0 and y >= 0 and x + w <= width and y + h <= height:
        return x, y, w, h
    return clip_xywh((x, y, w, h), width, height)


def _all_inside(
    x: NDArray[Any], y: NDArray[Any], w: NDArray[Any], h: NDArray[Any], sizes: NDArray[Any]
) -> NDArray[np.bool_]:
    """Which boxes lie inside their pictures as they are, and are a pixel wide and high at least."""
    large = (w >= MIN_SIDE_PX) & (h >= MIN_SIDE_PX)
    return np.asarray((x >= 0) & (y >= 0) & (x + w <= sizes[:, 0]) & (y + h <= sizes[:, 1]) & large)


def _size(size: tuple[int, int]) -> str:
    return "x".join(map(str, size))
