"""The bound stratum by stratum: by category group, day or night, and size. Each stands alone at the same confidence."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from ml.risk.stop_rule import Found, stop_rule
from webapp.audit.models import AuditSample
from webapp.footage.light import light_of
from webapp.labels.models import Box, BoxEvent
from webapp.taxonomy.models import Category

SMALL_PX2, LARGE_PX2 = 32**2, 96**2  # COCO's
Stratum = tuple[str, str, str]
COLUMNS = (
    *("number", "box_id", "box__state", "box__category_id", "box__category__group", "box__width", "box__height"),
    *("box__frame__drive__time_of_day", "box__frame__scene__time_of_day"),
)


@dataclass(frozen=True, slots=True)
class Drawn:
    """A label of a sample, where the model had put it."""

    number: int
    category: int | None
    group: str
    light: str
    size: str
    wrong: bool

    def fits(self, asked: Any) -> bool:
        """`asked` has the names of what is meant, None for any."""
        return all(
            getattr(asked, name) in (None, getattr(self, name)) for name in ("category", "group", "light", "size")
        )


def drawn_labels(sample: AuditSample) -> list[Drawn]:
    """In the order of the draw. Whatever is not accepted as it was is wrong, of those that are decided."""
    rows = list(sample.drawn.order_by("number").values_list(*COLUMNS))
    proposed = _proposals(row for row in rows if row[2] == Box.State.EDITED)
    labels = []
    for number, box, state, category, group, width, height, noted, measured in rows:
        if box in proposed:
            category, group, width, height = proposed[box]
        light, size = light_of(noted, measured), size_of(width * height)
        labels.append(Drawn(number, category, group or "", light, size, state != Box.State.ACCEPTED))
    return labels


def strata_of(
    sample: AuditSample, seen: int, *, target: float, alpha: float, auditors: list[Found] | None
) -> list[dict[str, Any]]:
    """Of the sample's labels; those after the first `seen` are left. Without a label decided a stratum has no bound."""
    strata: dict[Stratum, dict[str, int]] = {}
    for label in drawn_labels(sample):
        counts = strata.setdefault((label.group, label.light, label.size), {"seen": 0, "wrong": 0, "left": 0})
        counts["seen" if label.number <= seen else "left"] += 1
        counts["wrong"] += label.number <= seen and label.wrong
    return [_row(stratum, strata[stratum], target, alpha, auditors) for stratum in sorted(strata)]


def size_of(area_px2: float) -> str:
    """COCO's three sizes."""
    return "small" if area_px2 < SMALL_PX2 else "medium" if area_px2 < LARGE_PX2 else "large"


def _row(
    stratum: Stratum, counts: dict[str, int], target: float, alpha: float, auditors: list[Found] | None
) -> dict[str, Any]:
    group, light, size = stratum
    rule = stop_rule(counts["seen"], counts["wrong"], target=target, alpha=alpha, auditors=auditors)
    return {
        "group": group,
        "light": light,
        "size": size,
        **counts,
        "upper": rule.upper if counts["seen"] else None,
        "enough": rule.enough,
        "further": rule.further,
        "sentence": _sentence(stratum, counts, rule.upper, rule.further, target),
    }


def _sentence(stratum: Stratum, counts: dict[str, int], upper: float, further: int | None, target: float) -> str:
    name = f"{stratum[2]} {stratum[0] or 'other'} labels" + ("" if stratum[1] == "unknown" else f" by {stratum[1]}")
    left = f"{counts['left']} random labels left"
    if not counts["seen"]:
        return f"Of {name} none is audited yet; {left}."
    known = f"At most {-(-upper * 1000 // 1) / 10:.1f} % of {name} are wrong"
    if further == 0:
        return f"{known}, which is enough; {left}."
    needed = "more than can be drawn" if further is None else f"about {further}"
    return f"{known}; {left}, {needed} needed for {100 * target:.1f} %."


def _proposals(edited: Iterable[Any]) -> dict[int, tuple[int, str, float, float]]:
    """What a person changed belongs where the model had put it: its category, group, width and height by box."""
    ids = [row[1] for row in edited]
    events = BoxEvent.objects.filter(box__in=ids, kind=BoxEvent.Kind.PROPOSED).order_by("id")
    values = {box: after for box, after in events.values_list("box", "after") if box and after}
    groups = _groups({value["category"] for value in values.values()})
    return {
        box: (value["category"], groups.get(value["category"], ""), value["width"], value["height"])
        for box, value in values.items()
    }


def _groups(categories: set[int]) -> dict[int, str]:
    return dict(Category.objects.filter(id__in=categories).values_list("id", "group"))
