"""What the BPU of a Horizon X3 (Bernoulli2) runs, as data: by operator, the conditions that must hold (edge.md 2.2 to 2.4, after the vendor's operator table)."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

from ml.export.graph import Graph, Operator, Shape

CHANNELS = 2048
ELEMENTS = 8192
OPSETS, NEWEST_IR, MOST_OUTPUTS = (10, 11), 7, 32


@dataclass(frozen=True)
class Rule:
    """A condition, and its words."""

    says: str
    holds: Callable[[Operator], bool]


def padded_8w4c(shape: Shape) -> int:
    """Elements of a map (1, C, H, W) when width is padded to 8 and channels to 4, as the BPU lays it out."""
    _, channels, height, width = shape
    return height * _up(width, 8) * _up(channels, 4)


def padded_32c(shape: Shape) -> int:
    """Elements when channels are padded to 32, its other layout."""
    _, channels, height, width = shape
    return height * width * _up(channels, 32)


def _up(value: int, to: int) -> int:
    return -(-value // to) * to


def _is_map(shape: Shape) -> bool:
    return len(shape) == 4 and all(shape)


def _small(node: Operator) -> bool:
    return _is_map(node.out) and min(padded_8w4c(node.out), padded_32c(node.out)) <= ELEMENTS


def _few(node: Operator) -> bool:
    return _is_map(node.out) and math.prod(node.out) <= ELEMENTS


def _symmetric(node: Operator) -> bool:
    pads = node.ints("pads", (0, 0, 0, 0))
    return pads[:2] == pads[2:]


def _dilations(node: Operator) -> bool:
    """A power of two that divides the stride, where there is any."""
    pairs = zip(node.ints("dilations", (1, 1)), node.ints("strides", (1, 1)), strict=True)
    return all(d == 1 or (d & (d - 1) == 0 and stride % d == 0) for d, stride in pairs)


def _group_channels(node: Operator) -> bool:
    plain = node.attributes.get("group", 1) == 1
    return bool(node.constants[0][1] <= (2 * CHANNELS if plain else CHANNELS))


def _resized(node: Operator) -> bool:
    """Height and width by integer powers of two, height by no more than width."""
    (before, after) = node.inputs[0], node.out
    if not (_is_map(before) and _is_map(after)) or before[:2] != after[:2]:
        return False
    (down, over), (rest_h, rest_w) = zip(*(divmod(after[side], before[side]) for side in (2, 3)), strict=True)
    return rest_h == rest_w == 0 and down <= over and all(by & (by - 1) == 0 and by for by in (down, over))


def _nearest(node: Operator) -> bool:
    return bool(node.attributes.get("mode", b"nearest") == b"nearest")


def _one_shape(node: Operator) -> bool:
    shapes = (*node.inputs, *node.constants)
    return len(set(shapes)) == 1 or any(shape == (1, node.out[1], 1, 1) for shape in shapes)


def _one_shape_or_scalar(node: Operator) -> bool:
    return _one_shape(node) or any(shape == (1, 1, 1, 1) for shape in (*node.inputs, *node.constants))


FOUR = Rule("all maps have four dimensions of fixed size", lambda n: all(map(_is_map, (*n.inputs, *n.outputs))))
WIDE = Rule(f"at most {CHANNELS} channels", lambda n: n.out[1] <= CHANNELS)
FEW = Rule(f"at most {ELEMENTS} elements", _few)

RULES: dict[str, tuple[Rule, ...]] = {
    "Conv": (
        FOUR,
        Rule("weights are stored, not computed", lambda n: bool(n.constants)),
        Rule("kernel sides of 1 to 7", lambda n: all(1 <= side <= 7 for side in n.kernel)),
        Rule("at most 2048 channels a group, 4096 without groups", _group_channels),
        Rule("one kernel holds at most 32768 weights", lambda n: math.prod(n.constants[0][1:]) <= 32768),
        Rule("dilation is a power of two that divides the stride", _dilations),
        Rule("padding is symmetric", _symmetric),
    ),
    "ConvTranspose": (
        FOUR,
        WIDE,
        Rule("kernel sides of 2 to 14", lambda n: all(2 <= side <= 14 for side in n.kernel)),
        Rule("stride 2 or 4", lambda n: all(stride in (2, 4) for stride in n.ints("strides", (1, 1)))),
    ),
    "MaxPool": (
        FOUR,
        Rule("kernel sides up to 64", lambda n: all(side <= 64 for side in n.kernel)),
        Rule("stride up to 185", lambda n: all(stride <= 185 for stride in n.ints("strides", (1, 1)))),
        Rule("no dilation", lambda n: set(n.ints("dilations", (1, 1))) == {1}),
        Rule("no auto_pad", lambda n: n.attributes.get("auto_pad", b"NOTSET") == b"NOTSET"),
    ),
    "AveragePool": (FOUR, Rule("kernel sides up to 7", lambda n: all(side <= 7 for side in n.kernel))),
    "GlobalAveragePool": (
        FOUR,
        Rule(f"at most {ELEMENTS} pixels", lambda n: math.prod(n.inputs[0][2:]) <= ELEMENTS),
    ),
    "Resize": (
        FOUR,
        Rule("nearest neighbour", _nearest),
        Rule("height and width by powers of two, height by no more than width", _resized),
    ),
    "Add": (FOUR, WIDE, Rule("both of one shape, or one value a channel", _one_shape)),
    "Mul": (FOUR, WIDE, Rule("both of one shape, one value a channel, or one value", _one_shape_or_scalar)),
    "Concat": (FOUR, WIDE),
    "Slice": (FOUR,),
    "Split": (FOUR, Rule("into equal parts", lambda n: len(set(n.outputs)) == 1)),
    "Relu": (FOUR,),
    "LeakyRelu": (FOUR,),
    "PRelu": (FOUR,),
    "Clip": (FOUR,),
    "Exp": (FOUR,),
    "Sigmoid": (FOUR, Rule(f"at most {ELEMENTS} elements as the BPU pads them (8W4C or 32C)", _small)),
    **dict.fromkeys(("Tanh", "Sin", "Cos", "Sqrt", "Softplus"), (FOUR, FEW)),
    **{
        op: (FOUR, Rule("blocks of 2", lambda n: n.attributes.get("blocksize") == 2))
        for op in ("SpaceToDepth", "DepthToSpace")
    },
    "ArgMax": (
        FOUR,
        Rule("over at most 64 channels", lambda n: n.attributes.get("axis") == 1 and n.inputs[0][1] <= 64),
    ),
}
CPU = frozenset(
    [
        "Reshape",
        "Transpose",
        "Squeeze",
        "Unsqueeze",
        "Flatten",
        "Gather",
        "Cast",
        "Expand",
        "Sub",
        "Div",
        "Log",
        "Neg",
        "TopK",
        "Where",
        "Tile",
        "ReduceMax",
        "ReduceMean",
        "Identity",
        "Shape",
        "Softmax",
        "Pow",
    ]
)


def broken_contract(graph: Graph) -> list[str]:
    """What of the file the vendor's converter would refuse, in words."""
    wrong = []
    if graph.opset not in OPSETS:
        wrong.append(f"opset {graph.opset}; it takes 10 or 11")
    if graph.ir > NEWEST_IR:
        wrong.append(f"IR version {graph.ir}; it takes up to {NEWEST_IR}")
    if len(graph.outputs) > MOST_OUTPUTS:
        wrong.append(f"{len(graph.outputs)} outputs; it takes up to {MOST_OUTPUTS}")
    for name, shape in graph.inputs.items():
        if not _is_map(shape) or shape[0] != 1:
            wrong.append(f"input {name} is {list(shape)}; it takes one picture of fixed size, four dimensions")
        elif shape[2] % 2 or shape[3] % 2:
            wrong.append(f"input {name} is {list(shape)}; 4:2:0 needs even sides")
    return wrong
