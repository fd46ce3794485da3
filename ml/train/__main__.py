"""`python -m ml.train RECIPE.json --out RUN`: train, or go on where the run stopped."""

from __future__ import annotations

import argparse
import signal
import sys
from pathlib import Path

from ml.errors import MlError
from ml.train.engine import train
from ml.train.recipe import read_recipe


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m ml.train", description=__doc__)
    parser.add_argument("recipe", type=Path)
    parser.add_argument("--out", type=Path, required=True, metavar="RUN")
    options = parser.parse_args()
    asked_to_stop: list[int] = []
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda n, _: asked_to_stop.append(n))  # a checkpoint first, then the end
    try:
        print(train(read_recipe(options.recipe), options.out, stop=lambda: bool(asked_to_stop)))
    except MlError as error:
        print(f"{error.code}: {error.detail} {error.hint}".rstrip(), file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
