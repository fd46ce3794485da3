"""Which operators of a model run on the BPU of a Horizon X3, which do not and why, and what that costs. By rules (bpu_rules.py), without the vendor's tools."""

from __future__ import annotations

import math
from collections import Counter
from dataclasses import dataclass

import onnx

from ml.export.bpu_rules import CPU, RULES, broken_contract, padded_8w4c
from ml.export.graph import Graph, Operator, read_graph
from ml.models.yolox.figures import FAST_TOPS, SLOW_TOPS

BASIS = "estimate: no X3 was at hand; 2 x multiply-adds over 0.31 to 0.36 TOPS of one core, from published latencies of other networks"


@dataclass(frozen=True)
class Verdict:
    """`where` is bpu, cpu or unsupported; `why` the condition that does not hold, empty on the BPU."""

    node: Operator
    where: str
    why: str


@dataclass(frozen=True)
class BpuReport:
    """Of one model. `refusals` are reasons for which the converter would not take the file at all."""

    graph: Graph
    verdicts: tuple[Verdict, ...]
    refusals: tuple[str, ...]

    @property
    def off(self) -> list[Verdict]:
        """Operators that do not run on the BPU."""
        return [verdict for verdict in self.verdicts if verdict.where != "bpu"]

    @property
    def reasons(self) -> list[dict[str, object]]:
        """Why operators run elsewhere, each reason once with how many it keeps away; the most frequent first."""
        counted = Counter((verdict.node.op, verdict.where, verdict.why) for verdict in self.off)
        return [{"op": op, "where": where, "why": why, "count": n} for (op, where, why), n in counted.most_common()]

    @property
    def macs(self) -> int:
        return sum(verdict.node.macs for verdict in self.verdicts)

    @property
    def padding_waste(self) -> float:
        """The share of work that goes to padding of widths to 8 and channels to 4."""
        convs = [v.node for v in self.verdicts if v.node.macs]
        padded = sum(node.macs * padded_8w4c(node.out) / math.prod(node.out) for node in convs)
        return padded / self.macs - 1 if self.macs else 0.0

    @property
    def bytes_moved(self) -> int:
        """Weights and maps in 8 bits, each read or written once."""
        return sum(v.node.weights + sum(map(math.prod, (*v.node.inputs, *v.node.outputs))) for v in self.verdicts)

    @property
    def milliseconds(self) -> tuple[float, float]:
        """Best and worst of one core, an estimate (`BASIS`)."""
        giga = 2 * self.macs / 1e9
        return giga / FAST_TOPS, giga / SLOW_TOPS

    @property
    def basis(self) -> str:
        """What the milliseconds are, in words."""
        return BASIS + (f"; without the {len(self.off)} operators off the BPU, which cost more" if self.off else "")

    def as_json(self) -> dict[str, object]:
        """All of it, for a file."""
        best, worst = self.milliseconds
        return {
            "march": "bernoulli2",
            "accepted": not self.refusals,
            "refusals": list(self.refusals),
            "operators": len(self.verdicts),
            "off_bpu": len(self.off),
            "bpu_subgraphs": subgraphs(self.verdicts),
            "histogram": dict(sorted(Counter(v.node.op for v in self.verdicts).items())),
            "gflops": round(2 * self.macs / 1e9, 4),
            "padding_waste": round(self.padding_waste, 4),
            "megabytes_moved": round(self.bytes_moved / 1e6, 2),
            "estimated_ms": {"best": round(best, 1), "worst": round(worst, 1), "basis": self.basis},
            "nodes": [_row(verdict) for verdict in self.verdicts],
        }


def check(model: onnx.ModelProto) -> BpuReport:
    """Judge every operator."""
    graph = read_graph(model)
    return BpuReport(graph, tuple(map(judge, graph.operators)), tuple(broken_contract(graph)))


def judge(node: Operator) -> Verdict:
    """By the first condition that does not hold."""
    if node.op in RULES:
        broken = next((rule.says for rule in RULES[node.op] if not rule.holds(node)), None)
        return (
            Verdict(node, "bpu", "")
            if broken is None
            else Verdict(node, "cpu", f"a condition of the BPU does not hold: {broken}")
        )
    if node.op in CPU:
        return Verdict(node, "cpu", "the BPU has no such operator")
    return Verdict(node, "unsupported", "not in the vendor's table")


def subgraphs(verdicts: tuple[Verdict, ...]) -> int:
    """How many pieces the BPU gets: neighbours on it belong together unless something off it lies on a way between them."""
    depth: dict[str, int] = {}  # of each tensor: how often its way left the BPU
    piece: dict[str, str] = {}  # of each tensor on the BPU: another one of its piece, as in union-find
    for verdict in verdicts:
        node, on = verdict.node, verdict.where == "bpu"
        level = max((depth.get(name, 0) for name in node.sources), default=0)
        for name in node.targets:
            depth[name] = level if on else level + 1
            if on:
                piece[name] = name
        if on:
            joined = [name for name in (*node.sources, *node.targets) if name in piece and depth[name] == level]
            for name in joined:
                piece[_root(piece, name)] = _root(piece, joined[0])
    return len({_root(piece, name) for name in piece})


def as_markdown(report: BpuReport) -> str:
    """For a person: the sums, then what does not run on the BPU, then every operator."""
    best, worst = report.milliseconds
    lines = [
        "# Operators on the Horizon X3 (bernoulli2)",
        "",
        "By our rules after the vendor's operator table; the vendor's `hb_mapper checker` has the last word.",
        "",
        f"- {len(report.verdicts)} operators, {len(report.off)} off the BPU, {subgraphs(report.verdicts)} BPU subgraphs",
        f"- {2 * report.macs / 1e9:.3f} GFLOPs, {report.padding_waste:.1%} of the work is padding",
        f"- {best:.1f} to {worst:.1f} ms on one core ({report.basis})",
        *(f"- the converter would refuse it: {reason}" for reason in report.refusals),
        "",
        "| operator | type | output | where | why not |",
        "|---|---|---|---|---|",
    ]
    rows = sorted(report.verdicts, key=lambda verdict: verdict.where == "bpu")
    lines += [f"| {v.node.name} | {v.node.op} | {list(v.node.out)} | {v.where} | {v.why} |" for v in rows]
    return "\n".join(lines) + "\n"


def _root(piece: dict[str, str], name: str) -> str:
    while piece[name] != name:
        name = piece[name]
    return name


def _row(verdict: Verdict) -> dict[str, object]:
    node = verdict.node
    row: dict[str, object] = {"name": node.name, "op": node.op, "output": list(node.out), "where": verdict.where}
    if node.macs:
        row["macs"] = node.macs
    return row | ({"why": verdict.why} if verdict.why else {})
