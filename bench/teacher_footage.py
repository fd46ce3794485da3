"""Footage that the bundled teacher learns its last stage from: `python bench/teacher_footage.py FOLDER [--drives 360]`, then `train` in the recipe is FOLDER/train.json.

Whole rendered drives, seen at the size of the held-out ones and shrunk as a detector shrinks them. A scene that is rendered at the size of the training
picture has sharper and larger objects than that. The seeds are far from the held-out drives' (`ml.evaluate.synth`) and from the comparison's.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from bench.distillation_data import Coco, add_truth
from ml.taxonomies import GDDA13

FIRST_SEED = 20_000


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--drives", type=int, default=360, help="of eight frames each")
    options = parser.parse_args()
    options.folder.mkdir(parents=True, exist_ok=True)
    coco = Coco(GDDA13)
    for seed in range(FIRST_SEED, FIRST_SEED + options.drives):
        add_truth(coco, options.folder, seed)
    coco.write(options.folder / "train.json")


if __name__ == "__main__":
    main()
