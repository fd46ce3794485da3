"""The names of splits: those of every detection set, and those of the GDDA paper. A drive is in one of them only."""

from typing import Any

TRAIN, VAL, TEST = "train", "val", "test"
TRAIN_GT, TRAIN_PSEUDO, FULL, TEST_GT = "TrainGT", "TrainPseudo", "Full", "Test"
PLAIN = (TRAIN, VAL, TEST)
GDDA = (TRAIN_GT, TRAIN_PSEUDO, TEST_GT)
SPLITS = (*PLAIN, *GDDA)  # what a drive can be put into
READABLE = (*SPLITS, FULL)  # what can be exported: `Full` is read from two
_MEMBERS = {FULL: (TRAIN_GT, TRAIN_PSEUDO)}
# Where the same picture is in two splits, it stays in the first of these: what is measured on comes before what is learnt from.
PRECEDENCE = (TEST_GT, TEST, VAL, TRAIN_GT, TRAIN, TRAIN_PSEUDO)


def members_of(split: str) -> tuple[str, ...]:
    """The splits that it is read from."""
    return _MEMBERS.get(split, (split,))


def readable_of(splits: list[str]) -> list[str]:
    """What a version with these splits can be asked for."""
    return [*splits, *(whole for whole, parts in _MEMBERS.items() if set(parts) & set(splits))]


def with_wholes(splits: dict[str, dict[str, Any]]) -> dict[str, dict[str, Any]]:
    """A version's splits by name with those that are read from several: their frames and boxes, and the drives that they hold."""
    wholes = {}
    for whole, names in _MEMBERS.items():
        if parts := [splits[name] for name in names if name in splits]:
            sums = {key: sum(part[key] for part in parts) for key in ("frames", "boxes")}
            wholes[whole] = sums | {"drives": [drive for part in parts for drive in part["drives"]]}
    return splits | wholes
