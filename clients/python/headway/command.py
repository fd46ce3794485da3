"""`headway-download URL DATASET/NUMBER [--split NAME] --out FILE`, with the token in HEADWAY_TOKEN."""

from __future__ import annotations

import argparse
import json
import os

from headway.client import Headway


def main() -> None:
    """One JSON line: where it is, and the version's digest."""
    parser = argparse.ArgumentParser(prog="headway-download", description="A dataset version's COCO file.")
    parser.add_argument("url", help="of the server")
    parser.add_argument("version", help="dataset/number, or the dataset's name for its newest")
    parser.add_argument("--split", help="one split; all of them when left out")
    parser.add_argument("--out", required=True, metavar="FILE")
    options = parser.parse_args()
    server = Headway(options.url, token=os.environ["HEADWAY_TOKEN"])
    name, _, number = options.version.rpartition("/")
    version = server.version(name, int(number)) if name else server.newest(number)
    path = version.download_coco(options.out, split=options.split)
    print(json.dumps({"file": str(path), "version": version.number, "digest": version.digest}))


if __name__ == "__main__":
    main()
