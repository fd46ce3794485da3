"""`python -m ml.export.check ZIP`: whether an edge model's zip is whole and finds here what it must, in each of its precisions; one JSON line. Torch-free."""

from __future__ import annotations

import argparse
import json
import sys
import time
from pathlib import Path
from typing import Any

from ml.errors import MlError
from ml.export.bundle import MODELS, EdgeModel, read


def main() -> int:
    """0, or 1 with the reason on stderr."""
    options = _options()
    try:
        manifest, files = read(options.zip)
        held = [precision for precision, name in MODELS.items() if name in files]
        told = {precision: _checked(options.zip, precision) for precision in held}
    except MlError as error:
        print(f"{error.code}: {error.detail} {error.hint or ''}".rstrip(), file=sys.stderr)
        return 1
    print(json.dumps({"name": manifest["name"], "files": len(files) + 1, **told}))
    return 0


def _checked(path: Path, precision: str) -> dict[str, Any]:
    """Opening is the test (ml/export/bundle.py). Raises: BadBundle."""
    start = time.perf_counter()
    model = EdgeModel(path, precision=precision)
    seconds = round(time.perf_counter() - start, 2)
    return {"boxes": len(model.manifest["self_test"][precision]["boxes"]), "seconds": seconds}


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m ml.export.check", description=__doc__)
    parser.add_argument("zip", type=Path)
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
