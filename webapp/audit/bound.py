"""How many labels of a drive may still be wrong: the random sample's decisions, and what they bound."""

from typing import Any

from ml.risk.stop_rule import ALPHA, StopRule, alpha_of_sample, stop_rule
from webapp.audit.models import AuditSample
from webapp.footage.models import Drive
from webapp.labels.models import Box

TARGET = 0.02


def audit_bound(drive: Drive) -> dict[str, Any]:
    """Where the stop rule stands for the labels that the drive's current sample was drawn from.

    Nobody's own misses are measured yet: the auditors' decisions are taken for the truth, and `sensitivity` says so by being None.
    """
    sample = drive.audit_samples.filter(current=True).first()
    seen, wrong, gap = _decisions(sample) if sample else (0, 0, False)
    alpha = alpha_of_sample(sample.number if sample else 1)
    rule = stop_rule(seen, wrong, target=TARGET, alpha=alpha)
    further = None if gap or sample is None else rule.further
    return {
        "target": TARGET,
        "confidence": 1 - ALPHA,
        "sample": sample.number if sample else None,
        "size": sample.size if sample else 0,
        "population": sample.population if sample else 0,
        "seen": seen,
        "wrong": wrong,
        "upper": rule.upper if seen else None,
        "enough": rule.enough,
        "further": further,
        "replaced": gap,
        "sensitivity": None,
        "sentence": _sentence(sample, rule, gap=gap),
    }


def _decisions(sample: AuditSample) -> tuple[int, int, bool]:
    """Labels seen, those of them found wrong, and whether one is gone.

    Counted in the order of the draw up to the first that waits: the queue shows risky frames first, so that those decided out of turn are
    not a random choice. Whatever a person changed was wrong.
    """
    seen = wrong = 0
    for number, state in sample.drawn.order_by("number").values_list("number", "box__state"):
        if number != seen + 1:
            return seen, wrong, True
        if state in Box.OPEN_STATES:
            return seen, wrong, False
        seen, wrong = seen + 1, wrong + (state != Box.State.ACCEPTED)
    return seen, wrong, seen < sample.size


def _sentence(sample: AuditSample | None, rule: StopRule, *, gap: bool) -> str:
    if sample is None:
        return "No labels were drawn at random yet, so nothing bounds the share that is wrong."
    if not rule.seen:
        known = "None of the labels drawn at random is audited yet, so nothing bounds the share that is wrong"
    else:
        known = f"At most {_percent(rule.upper)} of the labels in this set are wrong, {100 * (1 - ALPHA):.0f} % sure if auditors overlook nothing"
    return f"{known}; {_outlook(sample, rule, gap=gap)}."


def _outlook(sample: AuditSample, rule: StopRule, *, gap: bool) -> str:
    if rule.enough:
        return f"that is enough for {_percent(TARGET)}"
    if gap:
        return "labels of the sample were replaced since, draw a new one"
    if rule.further is None:
        return f"at this rate {_percent(TARGET)} will not be reached, correct the risky ones and draw again"
    left = sample.size - rule.seen
    short = f", of which this sample holds {left}" if rule.further > left else ""
    return f"about {rule.further} more random labels expected{short}"


def _percent(share: float) -> str:
    """Rounded up: a bound that is shown lower than it is would be none."""
    return f"{-(-share * 1000 // 1) / 10:.1f} %"
