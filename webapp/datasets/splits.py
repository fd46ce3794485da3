"""The names of splits: those of every detection set, and those of the GDDA paper. A drive is in one of them only."""

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
