"""Where 8 bits lose AP: `python bench/edge_bits.py MODEL --frames COCO.json`. One part of the network at a time stays in 32 bits; half of the frames calibrate, the others judge."""

import argparse
import json
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from ml.export import int8
from ml.export.frames import read_frames
from ml.export.judge import judged, results_on
from ml.export.onnx_file import CPU_OPSET, to_onnx
from ml.export.runner import Input, Runner
from ml.models.yolox.training import open_yolox
from ml.models.yolox_onnx import letterbox

NECK = (
    "lateral_conv0",
    "upsample",
    "Concat",
    "C3_p4",
    "reduce_conv1",
    "C3_p3",
    "bu_conv2",
    "C3_n3",
    "bu_conv1",
    "C3_n4",
)
PARTS = {  # names of nodes, beside those that the export itself tries
    "last convolutions": ("/cls_preds", "/reg_preds", "/obj_preds"),
    "head": ("/stems", "/cls_", "/reg_", "/obj_"),
    "neck": tuple(f"/backbone/{name}" for name in NECK),
    "stem": ("/backbone/backbone/stem",),
}
WORDS = {"": "nothing", "first": "the stem and dark2", "backbone": "the backbone"}


def main() -> None:
    """A Markdown table, or one JSON line."""
    options = _options()
    model, card = open_yolox(options.model)
    width, height = options.width or card.width, options.height or card.height
    names = tuple(category.name for category in card.categories)
    reads = Input(width, height, names, dict.fromkeys(names, 0.3), 0.01)
    calibration, judging = read_frames(options.frames).halves()
    fp32 = to_onnx(model, width, height, CPU_OPSET)
    int8.KEPT.update(PARTS)

    def ap_of(content: bytes) -> dict[str, float]:
        found = judged(judging, results_on(Runner(content, reads), judging))
        return {"AP": found.ap, **{name: found.per_category[name] for name in options.categories}}

    rows = {"everything (no 8 bits)": ap_of(fp32.SerializeToString())}
    for keep in ("", *PARTS, "first", "backbone"):
        images = calibration.images[: options.calibration]
        blobs = (letterbox(calibration.load(image), width, height)[0] for image in images)
        content = int8.quantised(fp32, blobs, method=options.method, keep=keep).SerializeToString()
        rows[WORDS.get(keep, f"the {keep}")] = ap_of(content)
        print(".", end="", file=sys.stderr, flush=True)
    if options.json:
        print(json.dumps(rows))
        return
    head = ["AP", *options.categories]
    print(f"| left in 32 bits | {' | '.join(head)} |\n|{'---|' * (len(head) + 1)}")
    for words, values in rows.items():
        print(f"| {words} | {' | '.join(f'{values[name]:.3f}' for name in head)} |")


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("model", help="a folder that a YOLOX was trained into, yolox:<file> or yolox-onnx:<file>")
    parser.add_argument("--frames", required=True, help="a COCO file with pictures beside it")
    parser.add_argument("--width", type=int, default=0)
    parser.add_argument("--height", type=int, default=0)
    parser.add_argument("--calibration", type=int, default=30)
    parser.add_argument("--method", default="minmax", choices=int8.METHODS)
    parser.add_argument("--categories", nargs="*", default=[], help="told beside the AP over all")
    parser.add_argument("--json", action="store_true")
    return parser.parse_args()


if __name__ == "__main__":
    main()
