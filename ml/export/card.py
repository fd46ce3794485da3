"""The model card inside an edge model's zip."""

from __future__ import annotations

from typing import Any

KEPT = {"": "nothing", "first": "the stem and the first stage", "backbone": "the backbone"}


def model_card(manifest: dict[str, Any], report: dict[str, Any]) -> str:
    """Markdown: what it is, what it takes, what it is worth, what was lost, what a chip would do with it."""
    net, reads, chip = manifest["network"], manifest["input"], report["horizon_x3"]
    lines = [
        f"# {manifest['name']}",
        "",
        f"YOLOX `{net['size']}`{' pruned' if net['pruned'] else ''}, {report['parameters'] / 1e6:.2f} M parameters, {report['gflops']:.2f} GFLOPs at {reads['width']}x{reads['height']}.",
        f"Weights sha256 `{net['weights_sha256'] or 'not told'}`.",
        "",
        "## Input and output",
        "",
        f"One frame, {reads['colour']}, {reads['layout']}, scaled to fit and laid {reads['letterbox']}; from a camera as {reads['camera']}. Raw maps come out: "
        f"{', '.join(manifest['outputs'])}.",
        "",
        "| category | label from |",
        "|---|---|",
        *(f"| {name} | {score} |" for name, score in manifest["thresholds"].items()),
        "",
        "## Accuracy",
        "",
        f"Against truth on {report['camera_420']['frames']} frames: AP {report['ap']['ap']:.4f}, AP50 {report['ap']['ap50']:.4f}. "
        f"Through a 4:2:0 camera {report['camera_420']['after']:.4f}. onnxruntime and torch differ by {report['parity']:.0e} of the largest value.",
        *_in_eight_bits(report.get("int8")),
        "",
        "## Horizon X3",
        "",
        f"{chip['operators']} operators, {chip['off_bpu']} off the BPU, {chip['bpu_subgraphs']} subgraph(s), {chip['padding_waste']:.1%} of the work is padding. "
        f"{chip['estimated_ms']['best']} to {chip['estimated_ms']['worst']} ms ({chip['estimated_ms']['basis']}).",
        "",
        "## Self-test",
        "",
        f"`python -m ml.export.check ZIP` checks every hash and whether the boxes of `self_test.png` are found here: {_expected(manifest)}. Opening the zip does the same.",
        "",
        "A low score is no proof that a road is free. Alarms are the device's own business.",
    ]
    return "\n".join(lines) + "\n"


def _expected(manifest: dict[str, Any]) -> str:
    return ", ".join(
        f"{len(told['boxes'])} in {precision}" for precision, told in sorted(manifest["self_test"].items())
    )


def _in_eight_bits(lost: dict[str, Any] | None) -> list[str]:
    if lost is None:
        return ["", "There is no 8-bit network in this file."]
    rows = lost["categories"].items()
    return [
        "",
        f"In 8 bits AP {lost['after']:.4f} (lost {lost['lost']:.4f}); in 32 stayed {KEPT[lost['in_32_bits']]}.",
        "",
        "| category | AP | in 8 bits | lost | truths |",
        "|---|---|---|---|---|",
        *(f"| {name} | {r['before']:.4f} | {r['after']:.4f} | {r['lost']:.4f} | {r['truths']} |" for name, r in rows),
    ]
