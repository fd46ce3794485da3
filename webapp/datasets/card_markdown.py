"""The data card as Markdown, for a repository or a paper."""

from collections.abc import Iterator
from typing import Any

from webapp.datasets.models import DatasetVersion

BAR = 24  # characters of the longest
GAPS = {
    "category_missing": "`{split}` has no box of {name}.",
    "category_rare": "`{split}` has {count} boxes of {name} only: no figure of it means much.",
    "hour_unknown": "The hour of {count} frames of `{split}` is not known.",
    "weather_unknown": "The weather of {count} frames of `{split}` is not known.",
    "city_unknown": "The place of {count} frames of `{split}` is not known.",
    "no_night": "`{split}` has no frame known to be of the night.",
    "not_certified": "{count} drives of `{split}` are not certified as audited enough.",
    "straddlers_left_out": "{count} frames of `{split}` were left out, as they look like frames of another split.",
}
PLOTS = {"by_category": "category", "by_size": "size", "by_hour": "hour", "by_weather": "weather", "by_city": "city"}


def card_markdown(version: DatasetVersion) -> str:
    """The whole card; nothing in it was counted after the version was frozen."""
    return "\n".join([*_heading(version), *_splits(version.card), *_gaps(version.card), *_bounds(version.card)]) + "\n"


def _heading(version: DatasetVersion) -> Iterator[str]:
    yield f"# {_plain(str(version))}"
    yield ""
    yield f"- Digest: `{version.digest}`"
    yield f"- Frozen: {version.frozen_at:%Y-%m-%d %H:%M}" if version.frozen_at else "- Not frozen"
    yield f"- Taxonomy: {_plain(str(version.dataset.taxonomy))}"
    yield f"- Frames: {version.summary['frames']}; boxes: {version.summary['boxes']}"
    if version.override_reason:
        yield f"- Frozen without a bound because: {_plain(version.override_reason)}"
    yield ""


def _splits(card: dict[str, Any]) -> Iterator[str]:
    for split, counts in card["splits"].items():
        yield f"## {split}"
        yield ""
        yield f"{counts['frames']} frames, {counts['audited_frames']} of them audited; {counts['boxes']} boxes, {counts['ignore_regions']} regions to ignore."
        yield ""
        for key, name in PLOTS.items():
            rows = counts[key] if key in ("by_size", "by_category") else dict(sorted(counts[key].items()))
            yield from _plot(f"By {name}", rows)
        bins = {f"{k / 10:.1f} to {(k + 1) / 10:.1f}": count for k, count in enumerate(counts["risk"])}
        yield from _plot("Risk of the labels", bins | {"none given": counts["without_risk"]})


def _plot(title: str, rows: dict[str, int]) -> Iterator[str]:
    most = max([1, *rows.values()])
    width = max((len(name) for name in rows), default=0)
    yield f"{title}:"
    yield ""
    yield "```"
    for name, count in rows.items():
        yield f"{name.ljust(width)}  {'█' * round(BAR * count / most)} {count}".rstrip()
    yield "```"
    yield ""


def _gaps(card: dict[str, Any]) -> Iterator[str]:
    yield "## Known gaps"
    yield ""
    for gap in card["gaps"]:
        yield f"- {GAPS[gap['code']].format(**gap)}"
    if not card["gaps"]:
        yield "None that are counted here."
    yield ""


def _bounds(card: dict[str, Any]) -> Iterator[str]:
    yield "## Bounds of wrong labels, as frozen"
    yield ""
    for row in card["bounds"]:
        told = (
            f"at most {row['upper']:.1%} wrong, {row['confidence']:.0%} sure"
            if row["upper"] is not None
            else "no random sample"
        )
        yield f"- {_plain(row['drive'])} (`{row['split']}`): {told}"


def _plain(text: str) -> str:
    """On one line and without what Markdown would read."""
    return " ".join(text.split()).translate({ord(sign): f"\\{sign}" for sign in "\\`*_[]<>|#"})
