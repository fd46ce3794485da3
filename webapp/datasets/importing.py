"""Bring a labelled data set in as a drive: its pictures as frames, its boxes as imported labels. All of it, or nothing."""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from django.db import transaction

from ml.boxes import clip_xywh
from ml.data.hashing import perceptual_hash
from ml.data.images import open_still, still_bytes, thumbnail
from ml.errors import BadMedia
from webapp.accounts.models import Workspace
from webapp.core import storage
from webapp.core.errors import DomainError
from webapp.datasets.formats.labelled import Labelled, LabelledBox, LabelledImage
from webapp.footage.models import Clip, Drive, Frame
from webapp.footage.services import drive_create, drive_name_check, drive_settle, safe_name
from webapp.labels.models import Box, BoxEvent
from webapp.labels.prelabels import box_values
from webapp.taxonomy.models import Category, Taxonomy

MIN_SIDE_PX = 1.0
BATCH = 500


@dataclass
class ImportReport:
    """What came, and what was left out and why."""

    frames: int = 0
    boxes: int = 0
    ignore_regions: int = 0
    clipped: int = 0
    by_category: dict[str, int] = field(default_factory=dict)
    problems: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class StoredPicture:
    """A labelled picture whose files lie in the store. `index` is its place in the data set, `size` (width, height) in pixels."""

    image: LabelledImage
    index: int
    key: str
    thumbnail_key: str
    phash: int
    size: tuple[int, int]


def category_mapping(
    labelled: Labelled, taxonomy: Taxonomy, *, mapped: Mapping[str, str], ignored: frozenset[str]
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
    for name, count in Counter(box.category for image in labelled.images for box in image.boxes).items():
        if name in ignored or name in labelled.ignored:
            found[name] = None
        elif name in mapped or name in ours or name in aliases:
            found[name] = ours[mapped[name]] if name in mapped else ours.get(name) or aliases[name]
        else:
            unknown[name] = count
    if unknown:
        counts = ", ".join(f"{name} ({count} boxes)" for name, count in unknown.most_common())
        raise DomainError(
            "unknown_categories", f"{taxonomy} does not know: {counts}. Map each with Name=category, or ignore it."
        )
    return found


def import_labelled(
    labelled: Labelled,
    *,
    workspace: Workspace,
    taxonomy: Taxonomy,
    drive_name: str,
    categories: Mapping[str, Category | None],
) -> tuple[Drive, ImportReport]:
    """A new drive with audited frames.

    The pictures are read and stored first; then the rows are written in one transaction, so that others wait for the rows alone. Pictures of
    an import that fails stay in the store unnamed, as content that the next try finds again.

    Raises:
        Conflict `name_taken`: the drive exists; an import never mixes into one.
    """
    drive_name_check(workspace, drive_name)
    report = ImportReport(problems=list(labelled.problems))
    pictures = list(_stored(labelled, report))
    with transaction.atomic():
        drive = drive_create(workspace=workspace, name=drive_name, taxonomy=taxonomy)
        clip = Clip.objects.create(
            drive=drive,
            filename=drive_name,
            kind=Clip.Kind.ARCHIVE,
            state=Clip.State.READY,
            key="",
            size=0,
            sha256=f"import-{drive.id}",
        )
        for start in range(0, len(pictures), BATCH):
            _write(clip, pictures[start : start + BATCH], categories, report)
        drive_settle(drive)
    drive.refresh_from_db()
    return drive, report


def _stored(labelled: Labelled, report: ImportReport) -> Iterator[StoredPicture]:
    """Each picture that can be read, with its files in the store; the others become problems."""
    for index, image in enumerate(labelled.images):
        try:
            picture = open_still(image.path)
            if image.size and image.size != picture.size:
                stated, real = "x".join(map(str, image.size)), "x".join(map(str, picture.size))
                raise BadMedia(f"the label file says {stated}, the picture is {real}", code="wrong_size")
        except BadMedia as error:
            report.problems.append(f"{image.name}: {error.detail}")
            continue
        yield StoredPicture(
            image=image,
            index=index,
            key=storage.put_bytes(still_bytes(image.path, picture), ".jpg"),
            thumbnail_key=storage.put_bytes(thumbnail(picture), ".thumb.jpg"),
            phash=perceptual_hash(picture),
            size=picture.size,
        )


def _write(
    clip: Clip, pictures: list[StoredPicture], categories: Mapping[str, Category | None], report: ImportReport
) -> None:
    frames = Frame.objects.bulk_create(_frame(clip, picture) for picture in pictures)
    boxes = [
        box
        for frame, picture in zip(frames, pictures, strict=True)
        for box in _boxes(frame, picture.image, categories, report)
    ]
    Box.objects.bulk_create(boxes)
    BoxEvent.objects.bulk_create(
        BoxEvent(box=box, frame=box.frame, kind=BoxEvent.Kind.IMPORTED, after=box_values(box)) for box in boxes
    )
    report.frames += len(frames)


def _frame(clip: Clip, picture: StoredPicture) -> Frame:
    width, height = picture.size
    return Frame(
        workspace=clip.drive.workspace,
        drive=clip.drive,
        clip=clip,
        index=picture.index,
        time_ms=0.0,
        name=f"{safe_name(Path(picture.image.name).stem)}_{picture.index:06d}.jpg",
        sha256=Path(picture.key).stem,
        phash=picture.phash,
        width=width,
        height=height,
        image_key=picture.key,
        thumbnail_key=picture.thumbnail_key,
        state=Frame.State.AUDITED,
    )


def _boxes(
    frame: Frame, image: LabelledImage, categories: Mapping[str, Category | None], report: ImportReport
) -> Iterator[Box]:
    for box in image.boxes:
        row = _box(frame, box, categories[box.category], report)
        if row is not None:
            name = row.category.name if row.category else "(ignore)"
            report.by_category[name] = report.by_category.get(name, 0) + 1
            report.ignore_regions += row.category is None
            report.boxes += row.category is not None
            yield row


def _box(frame: Frame, box: LabelledBox, category: Category | None, report: ImportReport) -> Box | None:
    inside = clip_xywh(box.box_xywh, frame.width, frame.height)
    if inside is None or min(inside[2], inside[3]) < MIN_SIDE_PX:
        report.problems.append(f"{box.where}: the box {list(box.box_xywh)} has no part inside the picture")
        return None
    if max(abs(a - b) for a, b in zip(inside, box.box_xywh, strict=True)) > Box.EDGE_TOLERANCE_PX:
        report.clipped += 1
        report.problems.append(f"{box.where}: the box {list(box.box_xywh)} reached outside the picture and was clipped")
    x, y, width, height = inside
    return Box(
        frame=frame,
        category=category,
        x=x,
        y=y,
        width=width,
        height=height,
        frame_width=frame.width,
        frame_height=frame.height,
        source=Box.Source.IMPORTED,
        state=Box.State.ACCEPTED,
        score=box.score,
        crowd=box.crowd or category is None,
        occluded=box.occluded,
        truncated=box.truncated,
    )
