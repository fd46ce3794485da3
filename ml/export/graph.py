"""An ONNX graph as values: every operator with the shapes that go in and come out."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import onnx

Shape = tuple[int, ...]


@dataclass(frozen=True)
class Operator:
    """One node. `inputs` are the shapes of what is computed, `constants` those of what is stored; `sources` the names behind `inputs`."""

    name: str
    op: str
    inputs: tuple[Shape, ...]
    constants: tuple[Shape, ...]
    outputs: tuple[Shape, ...]
    attributes: dict[str, Any]
    sources: tuple[str, ...]
    targets: tuple[str, ...]

    @cached_property
    def kernel(self) -> Shape:
        """Height and width of a convolution's or a pool's window."""
        return tuple(self.attributes.get("kernel_shape", ()))

    def ints(self, name: str, default: Shape) -> Shape:
        """An attribute that is a list of integers."""
        return tuple(self.attributes.get(name, default))

    @property
    def out(self) -> Shape:
        return self.outputs[0]

    @property
    def macs(self) -> int:
        """Multiply-adds of a convolution; 0 of anything else."""
        return math.prod(self.out) * math.prod(self.constants[0][1:]) if self.op == "Conv" and self.constants else 0

    @property
    def weights(self) -> int:
        return sum(math.prod(shape) for shape in self.constants)


@dataclass(frozen=True)
class Graph:
    """In the order in which it runs. `opset` and `ir` are the file's versions."""

    operators: tuple[Operator, ...]
    inputs: dict[str, Shape]
    outputs: dict[str, Shape]
    opset: int
    ir: int


def read_graph(model: onnx.ModelProto) -> Graph:
    """With shapes inferred; a side that is not fixed is 0. Constants are no operators: a compiler folds them."""
    inferred = onnx.shape_inference.infer_shapes(model, data_prop=True).graph
    shapes = {value.name: _shape(value) for value in (*inferred.input, *inferred.output, *inferred.value_info)}
    held = {each.name: tuple(each.dims) for each in inferred.initializer}
    found = []
    for place, node in enumerate(inferred.node):
        attributes = {each.name: onnx.helper.get_attribute_value(each) for each in node.attribute}
        if node.op_type == "Constant":
            value = attributes.get("value")
            held[node.output[0]] = tuple(value.dims) if value is not None else ()
            continue
        sources = tuple(name for name in node.input if name and name not in held)
        found.append(
            Operator(
                node.name or f"{node.op_type}_{place}",
                node.op_type,
                tuple(shapes.get(name, ()) for name in sources),
                tuple(held[name] for name in node.input if name in held),
                tuple(shapes.get(name, ()) for name in node.output),
                attributes,
                sources,
                tuple(node.output),
            )
        )
    given = {value.name: _shape(value) for value in inferred.input if value.name not in held}
    opset = next(each.version for each in model.opset_import if each.domain in ("", "ai.onnx"))
    return Graph(tuple(found), given, {value.name: _shape(value) for value in inferred.output}, opset, model.ir_version)


def _shape(value: onnx.ValueInfoProto) -> Shape:
    return tuple(side.dim_value for side in value.type.tensor_type.shape.dim)
