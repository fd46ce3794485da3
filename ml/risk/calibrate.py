"""The calibrated risk: P(label is wrong), fitted on what audits found.

A logistic regression on the signals, whose coefficients are not negative so that no evidence ever lowers the risk, then an isotonic
step that makes the number a probability. numpy and scipy alone: the web reads it. Source: distillation.md 2.3.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import isotonic_regression, minimize
from scipy.special import expit, logit

from ml.errors import TooLittleAudited

Floats = NDArray[np.float64]
MIN_AUDITED = 300
MIN_OF_EACH = 10  # labels that are wrong, and that are right
FOLDS = 5
CLIP = 0.01  # u is held this far from 0 and 1 before its log-odds
RIDGE = 30.0  # how many labels' worth the prior is
PRIOR = {"conf": 1.0}  # weight: the score taken at its word, until the audits say otherwise
GROUPS = ("vehicle", "vulnerable", "part", "infrastructure")
# The steps of the isotonic fit are flat; this share of the logistic keeps the order of the labels within one.
KEEP_ORDER = 0.01


@dataclass(frozen=True, slots=True)
class AuditedLabel:
    """What was known of a label before its audit, and what the audit found. Labels of one `block` are held out together."""

    signals: Mapping[str, float]
    group: str | None
    area_px: float
    wrong: bool
    block: int


@dataclass(frozen=True)
class CalibratedRisk:
    """A fitted model. `steps_z` -> `steps_risk` is the isotonic step, by interpolation between them."""

    signals: tuple[str, ...]
    centre: tuple[float, ...]  # mean log-odds of each signal where it is there
    weights: tuple[float, ...]  # >= 0
    missing: tuple[float, ...]  # added where the signal is not there
    group: Mapping[str, float]
    log_area: float  # per e-fold of the area, from `centre_area` on
    centre_area: float
    intercept: float
    steps_z: tuple[float, ...]
    steps_risk: tuple[float, ...]

    def risk(self, signals: Mapping[str, float], group: str | None, area_px: float) -> float:
        """P(wrong) in (0, 1) of one label; signals that the model does not know are left out."""
        return float(self._calibrated(np.array([self._z(signals, group, area_px)]))[0])

    def risks(self, labels: Sequence[AuditedLabel]) -> Floats:
        """(N,)."""
        return self._calibrated(np.array([self._z(one.signals, one.group, one.area_px) for one in labels]))

    def as_json(self) -> dict[str, Any]:
        return asdict(self)

    @staticmethod
    def from_json(stored: Mapping[str, Any]) -> CalibratedRisk:
        """What `as_json` gave."""
        values: dict[str, Any] = {k: tuple(v) if isinstance(v, list) else v for k, v in stored.items()}
        return CalibratedRisk(**values)

    def _z(self, signals: Mapping[str, float], group: str | None, area_px: float) -> float:
        z = self.intercept + self.group.get(group or "", 0.0)
        z += self.log_area * (float(np.log(max(area_px, 1.0))) - self.centre_area)
        for name, centre, weight, missing in zip(self.signals, self.centre, self.weights, self.missing, strict=True):
            value = signals.get(name)
            z += missing if value is None else weight * (_log_odds(value) - centre)
        return z

    def _calibrated(self, z: Floats) -> Floats:
        stepped = np.interp(z, self.steps_z, self.steps_risk)
        risk: Floats = (1 - KEEP_ORDER) * stepped + KEEP_ORDER * expit(z)
        return risk


def fit(labels: Sequence[AuditedLabel]) -> CalibratedRisk:
    """The model of all labels; its isotonic step is of labels that the logistic had not seen.

    Raises:
        TooLittleAudited: fewer than MIN_AUDITED labels, or hardly any of one kind.
    """
    _enough(labels)
    return _fit(labels)


def held_out_risks(labels: Sequence[AuditedLabel]) -> Floats:
    """For each label the risk by a model that saw none of its block, neither in the logistic nor in the isotonic step, (N,).

    Raises: as `fit`.
    """
    _enough(labels)
    risks = np.empty(len(labels))
    for inside, outside in _folds(labels):
        risks[outside] = _fit([labels[k] for k in inside]).risks([labels[k] for k in outside])
    return risks


def _enough(labels: Sequence[AuditedLabel]) -> None:
    wrong = sum(label.wrong for label in labels)
    if len(labels) < MIN_AUDITED or min(wrong, len(labels) - wrong) < MIN_OF_EACH:
        raise TooLittleAudited(
            f"{len(labels)} audited labels of this model, {wrong} of them wrong, do not tell right from wrong.",
            hint=f"Audit on: it takes {MIN_AUDITED} labels, of which {MIN_OF_EACH} are wrong and {MIN_OF_EACH} right.",
        )


def _fit(labels: Sequence[AuditedLabel]) -> CalibratedRisk:
    unseen = np.empty(len(labels))
    for inside, outside in _folds(labels):
        logistic = _logistic([labels[k] for k in inside])
        unseen[outside] = [logistic._z(labels[k].signals, labels[k].group, labels[k].area_px) for k in outside]
    logistic = _logistic(labels)
    steps_z, steps_risk = _isotonic(unseen, np.array([label.wrong for label in labels], np.float64))
    return replace(logistic, steps_z=steps_z, steps_risk=steps_risk)


def _folds(labels: Sequence[AuditedLabel]) -> list[tuple[list[int], list[int]]]:
    """Places inside and outside of each fold; blocks are dealt by size, so that the folds are about equal."""
    blocks: dict[int, list[int]] = {}
    for place, label in enumerate(labels):
        blocks.setdefault(label.block, []).append(place)
    folds: list[list[int]] = [[] for _ in range(min(FOLDS, len(blocks)))]
    for block in sorted(blocks.values(), key=lambda places: (-len(places), places[0])):
        min(folds, key=len).extend(block)
    if len(folds) < 2:
        raise TooLittleAudited("All audited labels lie in one stretch: none can be held out.", hint="Audit another.")
    return [([k for other in folds if other is not fold for k in other], fold) for fold in folds]


def _logistic(labels: Sequence[AuditedLabel]) -> CalibratedRisk:
    """Ridge-penalised logistic regression; the isotonic step is left at the logistic itself."""
    names = tuple(sorted({name for label in labels for name in label.signals}))
    values = np.array([[label.signals.get(name, np.nan) for name in names] for label in labels], np.float64)
    odds, absent = _log_odds(np.nan_to_num(values, nan=0.5)), np.isnan(values)
    centre = np.where(absent, 0.0, odds).sum(0) / np.maximum((~absent).sum(0), 1)
    area = np.log(np.maximum([label.area_px for label in labels], 1.0))
    group = np.array([[label.group == name for name in GROUPS] for label in labels], np.float64)
    design = np.hstack(
        [np.where(absent, 0.0, odds - centre), absent, group, (area - area.mean())[:, None], np.ones((len(labels), 1))]
    )
    wrong = np.array([label.wrong for label in labels], np.float64)
    prior = np.zeros(design.shape[1])
    prior[: len(names)] = [PRIOR.get(name, 0.0) for name in names]
    found = _minimised(design, wrong, prior, positive=len(names))
    weights, missing, groups, (log_area, intercept) = np.split(found, np.cumsum([len(names), len(names), len(GROUPS)]))
    z = np.linspace(-8, 8, 65)
    return CalibratedRisk(
        signals=names,
        centre=_tuple(centre),
        weights=_tuple(weights),
        missing=_tuple(missing),
        group=dict(zip(GROUPS, groups.tolist(), strict=True)),
        log_area=float(log_area),
        centre_area=float(area.mean()),
        intercept=float(intercept),
        steps_z=_tuple(z),
        steps_risk=_tuple(expit(z)),
    )


def _minimised(design: Floats, wrong: Floats, prior: Floats, *, positive: int) -> Floats:
    """Coefficients (F,), drawn to the prior's; the first `positive` are held at 0 or above, the last, the intercept, is free."""
    penalty = np.full(design.shape[1], RIDGE)
    penalty[-1] = 0.0

    def loss(coefficients: Floats) -> tuple[float, Floats]:
        z = design @ coefficients
        pull = penalty * (coefficients - prior)
        value = np.logaddexp(0, z).sum() - wrong @ z + pull @ (coefficients - prior) / 2
        return float(value), design.T @ (expit(z) - wrong) + pull

    bounds = [(0.0, None)] * positive + [(None, None)] * (design.shape[1] - positive)
    solved: Floats = minimize(loss, prior, jac=True, method="L-BFGS-B", bounds=bounds).x
    return solved


def _isotonic(z: Floats, wrong: Floats) -> tuple[tuple[float, ...], tuple[float, ...]]:
    """The middle of every block of equal risk that the fit makes, and its risk with one label of each kind added: never 0 or 1."""
    order = np.argsort(z, kind="stable")
    blocks = isotonic_regression(wrong[order]).blocks
    steps = []
    for start, end in pairwise(blocks.tolist()):
        held = order[start:end]
        steps.append((float(np.median(z[held])), float((wrong[held].sum() + wrong.mean()) / (len(held) + 1))))
    steps_z, risks = zip(*steps, strict=True)
    return steps_z, _tuple(np.maximum.accumulate(risks))


def _log_odds(value: Any) -> Any:
    return logit(np.clip(value, CLIP, 1 - CLIP))


def _tuple(values: Any) -> tuple[float, ...]:
    return tuple(np.asarray(values, np.float64).tolist())
