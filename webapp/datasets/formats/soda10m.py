"""SODA10M, as published: COCO in `annotations/instance_<split>.json`, the pictures of each split in a folder of its name beside `annotations`."""

from collections.abc import Iterable, Sequence
from pathlib import Path

from ml.errors import BadAnnotations
from webapp.datasets.formats import coco
from webapp.datasets.formats.labelled import Labelled, LabelledImage

TITLE = "SODA10M"
SPECIAL_CASE_OF = "coco"
HOLDS = coco.HOLDS


def claims(folder: Path) -> bool:
    return folder.is_dir() and any(folder.rglob("annotations/instance_*.json"))


def read(path: Path) -> Labelled:
    """The folder, or one `instance_<split>.json` where it holds several.

    Raises:
        BadAnnotations: there are several, or it is no JSON.
    """
    files = [path] if path.is_file() else sorted(path.rglob("annotations/instance_*.json"))
    if len(files) != 1:
        raise BadAnnotations(
            f"{path.name} holds {len(files)} files annotations/instance_*.json; name the one to import."
        )
    split = files[0].stem.removeprefix("instance_")
    return coco.read_file(files[0], (f"../{split}", *coco.PLACES))


def picture(name: str) -> str:
    return f"train/{name}"


def write(images: Iterable[LabelledImage], categories: Sequence[str], folder: Path) -> None:
    target = folder / "annotations"
    target.mkdir()
    coco.write(images, categories, target)
    (target / "annotations.json").rename(target / "instance_train.json")
