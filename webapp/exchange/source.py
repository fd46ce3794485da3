"""The uploaded file as a folder, and what a person is shown of it."""

import io
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

from django.conf import settings
from PIL import Image

from ml.data.archives import unpack_zip
from ml.data.images import open_still
from ml.data.limits import DEFAULT_LIMITS
from ml.errors import BadAnnotations, BadMedia
from webapp.accounts.models import WorkspaceLimits
from webapp.accounts.selectors import limits_of
from webapp.core import storage
from webapp.datasets.formats import detect, reader
from webapp.datasets.formats.labelled import LabelledImage
from webapp.datasets.importing import Read, frame_key
from webapp.exchange.models import LabelImport
from webapp.footage.models import Drive
from webapp.taxonomy.models import Taxonomy

PREVIEW_FRAMES, PREVIEW_BOXES, PREVIEW_WIDTH = 6, 200, 640
# A label file may be as large as the archive; pictures are held to their own limit when they are opened.
LIMITS = replace(DEFAULT_LIMITS, max_still_bytes=DEFAULT_LIMITS.max_archive_bytes)
ZIP_MARK = b"PK\x03\x04"


@contextmanager
def opened(one: LabelImport) -> Iterator[Path]:
    """The file's content as a folder that goes when the block ends. A zip whose only content is a folder is that folder.

    Raises:
        BadMedia: the zip is refused, by name of the member (ml/data/archives.py).
    """
    work = Path(settings.UPLOADS_ROOT) / "imports"  # not the system's temporary folder, which may be memory
    work.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=work) as outer:
        folder = Path(outer) / "data"
        folder.mkdir()
        file = storage.materialised(one.key, Path(outer))
        if _is_zip(file):
            unpack_zip(file, folder, LIMITS, passed_over=frozenset({"system_file"}))
        else:
            (folder / Path(one.filename).name).symlink_to(file.resolve())
        yield _inner(folder)


def read_of(one: LabelImport, folder: Path) -> tuple[str, list[str], Read]:
    """(format, all that it looks like, how it is read), by the person's choice or as detected.

    Raises:
        BadAnnotations: nothing that is known here.
    """
    found = detect(folder)
    if not (chosen := one.format or (found[0] if found else "")):
        raise BadAnnotations(
            f"'{one.filename}' looks like no format that is known here.",
            hint="Choose the format, or pack the labels with their folders.",
        )
    return chosen, found, partial(reader(chosen), folder)


class Preview:
    """A few labelled frames, with small pictures in the store, to look at before anything is written."""

    def __init__(self, drive: Drive) -> None:
        self.there = {frame_key(name): key for name, key in drive.frames.values_list("name", "image_key")}
        self.frames: list[dict[str, Any]] = []
        # The survey loads no model: where pictures are to be blurred, those of the file are not shown before they came in.
        self.shows_files = limits_of(drive.workspace).blur_at_ingest == WorkspaceLimits.Blur.OFF

    def look(self, image: LabelledImage) -> None:
        if len(self.frames) == PREVIEW_FRAMES or not image.boxes:
            return
        picture = self._picture(image)
        if picture is None:
            return
        size = picture.size
        picture.thumbnail((PREVIEW_WIDTH, PREVIEW_WIDTH))
        out = io.BytesIO()
        picture.save(out, format="JPEG", quality=80)
        boxes = [{"bbox": box.box_xywh, "category": box.category} for box in image.boxes[:PREVIEW_BOXES]]
        key = storage.put_bytes(out.getvalue(), ".preview.jpg")
        self.frames.append({"name": image.name, "width": size[0], "height": size[1], "key": key, "boxes": boxes})

    def _picture(self, image: LabelledImage) -> Image.Image | None:
        try:
            if image.path is not None:
                return open_still(image.path) if self.shows_files else None
            if key := self.there.get(frame_key(image.name)):
                with storage.open_key(key) as file, Image.open(file) as still:
                    return still.convert("RGB")
        except (BadMedia, OSError):
            pass  # the survey of the pictures themselves names it
        return None


def suggested(counts: dict[str, int], taxonomy: Taxonomy) -> dict[str, str | None]:
    """Ours for each source category that has a name or alias here, whatever its case; None for the others, which a person has to map."""
    known: dict[str, str] = {}
    for category in taxonomy.categories.all():
        for name in (*category.aliases, category.name):
            known[_plain(name)] = category.name
    return {name: known.get(_plain(name)) for name in counts}


def _plain(name: str) -> str:
    return name.casefold().replace("_", " ").strip()


def _is_zip(file: Path) -> bool:
    with file.open("rb") as source:
        return source.read(4) == ZIP_MARK


def _inner(folder: Path) -> Path:
    inside = list(folder.iterdir())
    lonely = len(inside) == 1 and inside[0].is_dir() and inside[0].name not in ("Annotations", "annotations", "gt")
    return _inner(inside[0]) if lonely else folder
