"""A frozen version's split as files that the trainer reads, a recipe from a run's row, and a trained folder as one archive."""

import json
import os
import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from django.conf import settings

from ml.data.archives import pack_folder
from webapp.control.copies import TEACHERS_ANSWERS
from webapp.core import storage
from webapp.datasets.formats import coco
from webapp.datasets.manifest import read_rows
from webapp.datasets.models import DatasetVersion
from webapp.registry.models import ModelVersion
from webapp.training.models import TrainingRun
from webapp.training.services import RENDERED_SPLIT
from workers import model_cache

RENDERED = "rendered:"


def recipe_of(plan: TrainingRun | Mapping[str, Any], data: Path) -> dict[str, Any]:
    """The recipe of a run or of an estimate's parameters; a version's pictures are laid out in `data`."""
    values = plan if isinstance(plan, Mapping) else {field: getattr(plan, field) for field in PLAN_FIELDS}
    version = DatasetVersion.objects.filter(id=values["dataset_version_id"]).first()
    recipe = {
        "method": values["method"],
        "family": values["family"],
        "size": values["size"],
        "seed": values["seed"],
        "init": _loadable(values["init_id"]),
        "teacher": _loadable(values["teacher_id"]),
        "teacher_cache": str(Path(settings.RUNS_ROOT) / TEACHERS_ANSWERS) if values["teacher_id"] else "",
        **values["options"],
    }
    if version is None:
        return {
            **recipe,
            "train": RENDERED,
            "validate": RENDERED if values["validation_split"] == RENDERED_SPLIT else "",
        }
    splits = {name: str(lay_out(version, split, data)) for name, split in _splits(values).items() if split}
    phrases = {c.name: c for c in version.dataset.taxonomy.values()}
    categories = [
        {**c, "aliases": list(phrases[c["name"]].aliases) if c["name"] in phrases else []} for c in version.categories
    ]
    return {**recipe, "validate": "", **splits, "categories": categories}


PLAN_FIELDS = (
    "method", "family", "size", "seed", "init_id", "teacher_id", "dataset_version_id", "train_split", "validation_split", "options",
)  # fmt: skip


def provenance_of(run: TrainingRun) -> dict[str, Any]:
    """A run in its own words. Two runs of one recipe come to the same weights and are still two models."""
    return {
        "run": run.id,
        "name": run.name,
        "init": run.init.name if run.init else None,
        "teacher": run.teacher and {"name": run.teacher.name, "sha256": run.teacher.sha256},
        "dataset_version": run.dataset_version
        and {"name": str(run.dataset_version), "digest": run.dataset_version.digest},
        **{name: getattr(run, name) for name in ("method", "family", "size", "seed", "options", "code_version")},
        **{name: getattr(run, name) for name in ("train_split", "validation_split")},
    }


def lay_out(version: DatasetVersion, split: str, folder: Path) -> Path:
    """`<split>.json` with the split's pictures beside it, linked where the store lies on this disk. Doing it again changes nothing."""
    folder.mkdir(parents=True, exist_ok=True)
    annotations = folder / f"{split}.json"
    if annotations.exists():
        return annotations
    fresh = folder / f"{split}.new"
    with fresh.open("wb") as file:
        for piece in coco.stream(version, split):
            file.write(piece)
    for _, row in read_rows(storage.materialised(version.frames_key, folder), split):
        _place(row["image_key"], folder / row["file_name"])
    fresh.replace(annotations)  # last: where it stands, its pictures do
    return annotations


def pack(model: Path, archive: Path, provenance: Mapping[str, Any]) -> Path:
    """A model folder as a zip with `run.json`, which says where it comes from."""
    return pack_folder(model, archive, {"run.json": json.dumps(provenance, indent=1, sort_keys=True)})


def _loadable(model_id: int | None) -> str:
    """Empty for none."""
    return model_cache.loadable(ModelVersion.objects.get(id=model_id)) if model_id else ""


def _splits(values: Mapping[str, Any]) -> dict[str, str]:
    return {"train": values["train_split"], "validate": values["validation_split"]}


def _place(key: str, target: Path) -> None:
    if target.exists():
        return
    target.parent.mkdir(parents=True, exist_ok=True)
    source = storage.local_path(key)
    try:
        if source is None:
            raise OSError
        os.link(source, target)
    except OSError:  # another disk, or an object store
        partial = target.with_name(f"{target.name}.part")
        with storage.open_key(key) as stored, partial.open("wb") as copy:
            shutil.copyfileobj(stored, copy, 2**20)
        partial.replace(target)
