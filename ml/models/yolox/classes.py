"""Which of a model's classes mean a category. Torch-free, as the ONNX route needs it too."""

from __future__ import annotations

from collections.abc import Sequence

from ml.errors import IncompatibleTaxonomy
from ml.models.coco_names import COCO_NAMES
from ml.schemas import Category

COCO = tuple(Category(name, name) for name in COCO_NAMES)


def shared_classes(asked: Sequence[Category], known: Sequence[Category]) -> dict[str, list[int]]:
    """Name of an asked category -> places of the known classes that mean it; case and `_` do not matter. Without those that have none.

    A class is meant by a category that calls it by its name or phrase; where there is no such class, by one that shares an alias with it,
    unless another category calls it by name.
    """
    columns = {
        category.name: [place for place, one in enumerate(known) if _called(one) & _all_words(category)]
        for category in asked
    }
    taken = {place for found in columns.values() for place in found}
    free = [place for place in range(len(known)) if place not in taken]
    for category in asked:
        if not columns[category.name]:
            words = _all_words(category)
            columns[category.name] = [place for place in free if _all_words(known[place]) & words]
    return {name: found for name, found in columns.items() if found}


def class_columns(asked: Sequence[Category], known: Sequence[Category] = COCO) -> dict[str, list[int]]:
    """As `shared_classes`.

    Raises:
        IncompatibleTaxonomy: no category has one.
    """
    columns = shared_classes(asked, known)
    if not columns:
        classes = "the 80 COCO classes" if known is COCO else ", ".join(one.name for one in known)
        names = ", ".join(category.name for category in asked)
        example = "car" if known is COCO else known[0].name
        raise IncompatibleTaxonomy(
            f"This model knows {classes} and none of: {names}.",
            hint=f"Choose another model, or give a category an alias that the model knows, such as '{example}'.",
        )
    return columns


def _called(category: Category) -> set[str]:
    return {_plain(word) for word in (category.name, category.phrase)}


def _all_words(category: Category) -> set[str]:
    return _called(category) | {_plain(word) for word in category.aliases}


def _plain(word: str) -> str:
    return word.lower().replace("_", " ").strip()
