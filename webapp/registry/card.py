"""The model card (Mitchell et al., 2019) in Markdown: what a model is, how it was made, how good it is, what it cannot do."""

from collections.abc import Iterator
from typing import Any

from webapp.registry.models import Evaluation, ModelVersion
from webapp.registry.selectors import lineage, report_of

FIGURES = ("AP", "AP50", "AP75", "APs", "APm", "APl", "AR")
ORIGINS = {
    "bundled": (
        "It comes with Headway, which trained it on rendered scenes of `ml.synth`. "
        "Its recipe and its figures on held-out rendered drives lie beside the weights, in `ml/models/bundled`."
    ),
}
RENDERED = "It was trained on rendered scenes alone and has seen no real picture: measure it on real footage before it labels any."
LIMITS = {
    "bundled": (
        "It was trained by this project on rendered scenes alone and has seen no real picture. On real footage it finds near vehicles at best; "
        "lane markings, barriers and shadows are taken for vehicles, and people and riders are mostly missed. Use it to see the loop work, not to label a fleet."
    ),
    "yolox-onnx": "A COCO detector: it knows car, truck, bus, person, bicycle, motorcycle and traffic lights, and none of the face or plate categories.",
}


def card_of(model: ModelVersion) -> str:
    """The card as it stands now; nothing in it is written by hand but the notes."""
    return "\n".join([*_heading(model), *_origin(model), *_figures(model), *_limits(model)]) + "\n"


def _heading(model: ModelVersion) -> Iterator[str]:
    yield f"# {_plain(model.name)}"
    yield ""
    facts = {
        "Family": model.family,
        "Parameters": f"{model.parameters / 1e6:.2f} M" if model.parameters else "",
        "Reference": f"`{model.ref}`",
        "Weights (sha256)": f"`{model.sha256}`" if model.sha256 else "not loaded yet",
        "Registered": f"{model.created_at:%Y-%m-%d}",
    }
    yield from (f"- **{name}:** {value}" for name, value in facts.items() if value)
    if model.notes:
        yield f"\n{_plain(model.notes)}"


def _origin(model: ModelVersion) -> Iterator[str]:
    yield "\n## How it was made\n"
    steps = lineage(model)
    if len(steps) == 1:
        yield ORIGINS.get(model.ref.split(":")[0], "It came from outside: nothing about its making is recorded here.")
        return
    yield " → ".join(f"{step['kind'].replace('_', ' ')} **{_plain(step['name'])}**" for step in steps)
    yield ""
    if model.method:
        yield f"- **Method:** {model.method}"
    if (run := getattr(model, "training_run", None)) and run.teacher:
        yield f"- **Teacher:** {_plain(run.teacher.name)}{f', weights `{run.teacher.sha256}`' if run.teacher.sha256 else ''}"
    if model.dataset_version:
        yield f"- **Data:** {_plain(str(model.dataset_version))}, digest `{model.dataset_version.digest}`"
    elif model.method:
        yield "- **Data:** rendered scenes of `ml.synth`"
    if model.code_version:
        yield f"- **Code:** `{model.code_version}`"


def _figures(model: ModelVersion) -> Iterator[str]:
    evaluations = list(
        Evaluation.objects.filter(model_version=model, figures__isnull=False)
        .select_related("dataset_version__dataset")
        .order_by("-id")[:10]
    )
    yield "\n## How good it is\n"
    rows = [(f"{e.dataset_version} {e.split}".strip(), e.figures or {}) for e in evaluations]
    if model.metrics.get("AP") is not None:
        rows.append(("validation while it trained", model.metrics))
    if not rows:
        yield "Nobody has evaluated it here."
        return
    yield f"| on | {' | '.join(FIGURES)} |"
    yield "|---" * (1 + len(FIGURES)) + "|"
    yield from (
        f"| {_plain(where)} | {' | '.join(_figure(figures.get(name)) for name in FIGURES)} |" for where, figures in rows
    )
    reported = next((e for e in evaluations if e.report_key), None)
    if reported is not None:
        yield from _details(f"{reported.dataset_version} {reported.split}".strip(), report_of(reported))


def _details(where: str, report: dict[str, Any]) -> Iterator[str]:
    """Slices and thresholds of the newest report. Drives are left to the evaluation's own page: there may be hundreds."""
    yield f"\n### By slice\n\nOn {_plain(where)}.\n"
    yield "| slice | AP | AP50 | truths |\n|---|---|---|---|"
    for attribute, values in report["slices"].items():
        if attribute != "drive":
            name = attribute.replace("_", " ")
            yield from (f"| {name}: {_plain(value)} | {_row(figures)} |" for value, figures in values.items())
    yield "\n### By category, and where to cut\n"
    yield "| category | AP | AP50 | truths | best F1 | from score |\n|---|---|---|---|---|---|"
    for category, figures in report["per_category"].items():
        cut = f"{_figure(figures['best_f1'])} | {_figure(figures['best_threshold'])}"
        yield f"| {_plain(category)} | {_row(figures)} | {cut} |"
    yield f"\nAll categories together have their best F1 from score {_figure(report['threshold'])} on."


def _row(figures: dict[str, Any]) -> str:
    return f"{_figure(figures['AP'])} | {_figure(figures['AP50'])} | {figures['truths']}"


def _limits(model: ModelVersion) -> Iterator[str]:
    yield "\n## Known limits\n"
    line = [model]
    while (parent := line[-1].parent) is not None:
        line.append(parent)
    root = line[-1]
    yield LIMITS.get(
        root.ref.split(":")[0],
        RENDERED
        if root.method and not any(step.dataset_version for step in line)
        else "None are recorded. Evaluate it by slice, day and night above all, before it labels a fleet.",
    )
    if root != model and model.dataset_version is None:
        yield "\nIt was trained further on rendered scenes; the same limits hold."


def _figure(value: Any) -> str:
    return "–" if value is None else f"{value:.3f}"


def _plain(text: str) -> str:
    """A person's words as words: nothing in them is Markdown or HTML."""
    return "".join(f"\\{c}" if c in "\\`*_{}[]<>#|!" else c for c in text)
