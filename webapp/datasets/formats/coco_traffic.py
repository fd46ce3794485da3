"""COCO with what stands in traffic alone: of its 80 categories the 13 of the preset `coco_traffic`; boxes of the others are counted and left out."""

from pathlib import Path

from ml.taxonomies import COCO_TRAFFIC
from webapp.datasets.formats import coco
from webapp.datasets.formats.labelled import Labelled

TITLE = "COCO, traffic only"
SPECIAL_CASE_OF = "coco"
HOLDS = coco.HOLDS
KEPT = frozenset(category.name for category in COCO_TRAFFIC)
# Only the whole of COCO has these as well: a file of anything less is meant as it is.
OTHERS = (b'"toaster"', b'"hair drier"')


def claims(folder: Path) -> bool:
    return any(all(name in _ends(path) for name in OTHERS) for path in coco.json_files(folder))


def read(path: Path) -> Labelled:
    """As COCO. A picture without any traffic stays, as a negative."""
    return coco.read_file(coco.annotation_file(path), coco.PLACES, KEPT.__contains__)


def _ends(path: Path) -> bytes:
    with path.open("rb") as file:
        head = file.read(2**16)
        file.seek(max(0, path.stat().st_size - 2**16))
        return head + file.read()
