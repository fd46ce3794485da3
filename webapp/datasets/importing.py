"""Bring a labelled data set in as a drive: its pictures as frames, its boxes as imported labels. All of it, or nothing."""

from collections import Counter
from collections.abc import Mapping
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
from webapp.footage.services import drive_create, drive_settle, safe_name
from webapp.labels.models import Box, BoxEvent
from webapp.labels.prelabels import box_values
from webapp.taxonomy.models import Category, Taxonomy

MIN_SIDE_PX = 1.0


@dataclass
class ImportReport:
    """What came, and what was left out and why."""

    frames: int = 0
    boxes: int = 0
    ignore_regions: int = 0
    clipped: int = 0
    by_category: dict[str, int] = field(default_factory=dict)
    problems: list[str] = field(default_factory=list)


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


@transaction.atomic
def import_labelled(
    labelled: Labelled,
    *,
    workspace: Workspace,
    taxonomy: Taxonomy,
    drive_name: str,
    categories: Mapping[str, Category | None],
) -> tuple[Drive, ImportReport]:
    """A new drive with audited frames. Files of an import that fails stay in the store unnamed, as content that the next try finds again.

    Raises:
        Conflict `name_taken`: the drive exists; an import never mixes into one.
    """
    report = ImportReport(problems=list(labelled.problems))
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
    for index, image in enumerate(labelled.images):
        try:
            frame = _frame(drive, clip, index, image)
        except BadMedia as error:
            report.problems.append(f"{image.name}: {error.detail}")
            continue
        _boxes(frame, image, categories, report)
        report.frames += 1
    drive_settle(drive)
    return drive, report


def _frame(drive: Drive, clip: Clip, index: int, image: LabelledImage) -> Frame:
    picture = open_still(image.path)
    if image.size and image.size != picture.size:
        stated, real = "x".join(map(str, image.size)), "x".join(map(str, picture.size))
        raise BadMedia(f"the label file says {stated}, the picture is {real}", code="wrong_size")
    key = storage.put_bytes(still_bytes(image.path, picture), ".jpg")
    return Frame.objects.create(
        workspace=drive.workspace,
        drive=drive,
        clip=clip,
        index=index,
        time_ms=0.0,
        name=f"{safe_name(Path(image.name).stem)}_{index:06d}.jpg",
        sha256=Path(key).stem,
        phash=perceptual_hash(picture),
        width=picture.width,
        height=picture.height,
        image_key=key,
        thumbnail_key=storage.put_bytes(thumbnail(picture), ".thumb.jpg"),
        state=Frame.State.AUDITED,
    )


def _boxes(frame: Frame, image: LabelledImage, categories: Mapping[str, Category | None], report: ImportReport) -> None:
    rows = []
    for box in image.boxes:
        row = _box(frame, box, categories[box.category], report)
        if row is not None:
            rows.append(row)
            name = row.category.name if row.category else "(ignore)"
            report.by_category[name] = report.by_category.get(name, 0) + 1
            report.ignore_regions += row.category is None
            report.boxes += row.category is not None
    Box.objects.bulk_create(rows)
    BoxEvent.objects.bulk_create(
        BoxEvent(box=row, frame=frame, kind=BoxEvent.Kind.IMPORTED, after=box_values(row)) for row in rows
    )


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
