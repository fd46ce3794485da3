"""How many labels of a drive may still be wrong: the random sample's decisions, and what they bound."""

from dataclasses import asdict
from typing import Any

from ml.risk.stop_rule import ALPHA, SENSITIVITY_SHARE, StopRule, alpha_of_sample, least_sensitivity, stop_rule
from webapp.audit.deciders import auditors_of, is_measured, weighted_sensitivity
from webapp.audit.models import AuditSample
from webapp.audit.strata import strata_of
from webapp.consensus.selectors import second_opinion_settled
from webapp.footage.models import Drive
from webapp.labels.models import Box

TARGET = 0.02


def audit_bound(drive: Drive) -> dict[str, Any]:
    """Where the stop rule stands for the labels that the drive's current sample was drawn from.

    `upper` and `enough` take the auditors' decisions for the truth; `corrected` and `certified` reckon with what they overlook, and are
    None and False until blind trials have measured somebody who decided here.
    """
    sample = drive.audit_samples.filter(current=True).first()
    seen, wrong, gap = decisions_of(sample) if sample else (0, 0, False)
    alpha = alpha_of_sample(sample.number if sample else 1)
    rule = stop_rule(seen, wrong, target=TARGET, alpha=alpha)
    auditors = auditors_of(sample, seen) if sample else []
    corrected = stop_rule(seen, wrong, target=TARGET, alpha=alpha, auditors=auditors) if is_measured(auditors) else None
    further = None if gap or sample is None else (corrected or rule).further
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
        "corrected": corrected.upper if corrected else None,
        "certified": bool(corrected and corrected.enough and not _unseen_elsewhere(drive, sample)),
        "sensitivity": weighted_sensitivity(auditors) if corrected else None,
        "sensitivity_low": least_sensitivity(auditors, alpha * SENSITIVITY_SHARE) if corrected else None,
        "auditors": [
            asdict(auditor) for auditor in auditors
        ],  # kept with a version; nobody is told of one person alone
        "errors_shown": sum(auditor.shown for auditor in auditors),
        "errors_found": sum(auditor.found for auditor in auditors),
        "sentence": _sentence(sample, rule, corrected, gap=gap),
        "strata": strata_of(sample, seen, target=TARGET, alpha=alpha, auditors=auditors if corrected else None)
        if sample
        else [],
    }


def _unseen_elsewhere(drive: Drive, sample: AuditSample | None) -> bool:
    """Whether labels were accepted automatically before this draw: it was not drawn from them, and says nothing of them."""
    unseen = Box.objects.filter(certificate__drive=drive, state=Box.State.ACCEPTED)
    return unseen.exclude(certificate__sample=sample).exists()


def decisions_of(sample: AuditSample) -> tuple[int, int, bool]:
    """Labels seen, those of them found wrong, and whether one is gone.

    Counted in the order of the draw up to the first that waits: the queue shows risky frames first, so that those decided out of turn are
    not a random choice. What its person was unsure of waits for a second opinion. Whatever a person changed was wrong.
    """
    seen = wrong = 0
    drawn = sample.drawn.order_by("number").annotate(settled=second_opinion_settled())
    for number, state, unsure, settled in drawn.values_list("number", "box__state", "box__unsure", "settled"):
        if number != seen + 1:
            return seen, wrong, True
        if state in Box.OPEN_STATES or (unsure and not settled):
            return seen, wrong, False
        seen, wrong = seen + 1, wrong + (state != Box.State.ACCEPTED)
    return seen, wrong, seen < sample.size


def _sentence(sample: AuditSample | None, rule: StopRule, corrected: StopRule | None, *, gap: bool) -> str:
    if sample is None:
        return "No labels were drawn at random yet, so nothing bounds the share that is wrong."
    if not rule.seen:
        known = "None of the labels drawn at random is audited yet, so nothing bounds the share that is wrong"
    else:
        known = f"At most {percent_up(rule.upper)} of the labels in this set are wrong, {100 * (1 - ALPHA):.0f} % sure if auditors overlook nothing"
        if corrected:
            known += f", and at most {percent_up(corrected.upper)} by the errors that they are known to overlook"
    return f"{known}; {_outlook(sample, corrected or rule, gap=gap)}."


def _outlook(sample: AuditSample, rule: StopRule, *, gap: bool) -> str:
    if rule.enough:
        return f"that is enough for {percent_up(TARGET)}"
    if gap:
        return "labels of the sample were replaced since, draw a new one"
    if rule.further is None:
        return f"at this rate {percent_up(TARGET)} will not be reached, correct the risky ones and draw again"
    left = sample.size - rule.seen
    short = f", of which this sample holds {left}" if rule.further > left else ""
    return f"about {rule.further} more random labels expected{short}"


def percent_up(share: float) -> str:
    """Rounded up: a bound that is shown lower than it is would be none."""
    return f"{-(-share * 1000 // 1) / 10:.1f} %"
