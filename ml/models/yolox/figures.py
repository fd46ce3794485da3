"""What a size of YOLOX will cost before anybody builds it: parameters, GFLOPs, and what a Horizon X3 would make of it. Torch-free, so that the web may ask.

`cost.py` counts a network that exists; a test holds the two equal for every size.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from ml.models.yolox.sizes import Size

STRIDES, PYRAMID = (8, 16, 32), (256, 512, 1024)
SLOW_TOPS, FAST_TOPS = (
    0.31,
    0.36,
)  # of one core of an X3, for plain convolutions: from published latencies of other networks (edge.md 2.6)
SIGMOID_ELEMENTS = 8192  # the largest padded map whose sigmoid the BPU takes


@dataclass(frozen=True)
class Layer:
    """A convolution; `at` is how much smaller than the picture its output is. `normed` ones end in a batch norm and the activation."""

    inner: int
    out: int
    kernel: int
    at: int
    groups: int = 1
    normed: bool = True

    @property
    def weights(self) -> int:
        return self.out * (self.inner // self.groups) * self.kernel**2

    @property
    def parameters(self) -> int:
        return self.weights + self.out * (2 if self.normed else 1)


@dataclass(frozen=True)
class Figures:
    """Of one picture. `gflops` count two for a multiply-add; `off_bpu` are activations that the chip's BPU does not take."""

    parameters: int
    gflops: float
    off_bpu: int

    @property
    def milliseconds(self) -> tuple[float, float]:
        """Best and worst of one core of an X3: an estimate, which operators off the BPU make worthless."""
        return self.gflops / FAST_TOPS, self.gflops / SLOW_TOPS


def figures_of(size: Size, classes: int, width: int, height: int) -> Figures:
    """Of a network of that size for `classes` categories and an input of (width, height) px, multiples of 32."""
    layers = list(layers_of(size, classes))
    macs = sum(layer.weights * (width // layer.at) * (height // layer.at) for layer in layers)
    activations = [layer for layer in layers if layer.normed and not size.relu]
    off = sum(_padded(layer, width, height) > SIGMOID_ELEMENTS for layer in activations)
    return Figures(sum(layer.parameters for layer in layers), 2 * macs / 1e9, off)


def layers_of(size: Size, classes: int) -> Iterator[Layer]:
    """Every convolution, from the picture to the nine maps; Megvii's network, as network.py builds it."""
    base, depth = size.channels(64), max(round(size.depth * 3), 1)
    first = size.rounded(base)
    yield Layer(3, first, 6, 2) if size.conv_stem else Layer(12, first, 3, 2)
    for at, counted in ((4, depth), (8, 3 * depth), (16, 3 * depth), (32, depth)):
        out = base * at // 2
        yield from _spatial(size, first if at == 4 else out // 2, out, at)
        if at == 32:  # the pools' two convolutions
            yield Layer(out, out // 2, 1, at)
            yield Layer(2 * out, out, 1, at)
        yield from _csp(size, out, out, counted, at, hidden=first if at == 4 else out // 2)
    yield from _pyramid(size)
    yield from _head(size, classes)


def _pyramid(size: Size) -> Iterator[Layer]:
    small, middle, large = (size.channels(channels) for channels in PYRAMID)
    count = round(3 * size.depth)
    yield Layer(large, middle, 1, 32)
    yield from _csp(size, 2 * middle, middle, count, 16)
    yield Layer(middle, small, 1, 16)
    yield from _csp(size, 2 * small, small, count, 8)
    yield from _spatial(size, small, small, 16)
    yield from _csp(size, 2 * small, middle, count, 16)
    yield from _spatial(size, middle, middle, 32)
    yield from _csp(size, 2 * middle, large, count, 32)


def _head(size: Size, classes: int) -> Iterator[Layer]:
    hidden = size.channels(256)
    for at, channels in zip(STRIDES, PYRAMID, strict=True):
        yield Layer(size.channels(channels), hidden, 1, at)
        for _ in range(4):  # two for classes, two for boxes
            yield from _spatial(size, hidden, hidden, at)
        for out in (classes, 4, 1):
            yield Layer(hidden, out, 1, at, normed=False)


def _csp(size: Size, inner: int, out: int, count: int, at: int, *, hidden: int = 0) -> Iterator[Layer]:
    hidden = hidden or out // 2
    yield Layer(inner, hidden, 1, at)
    yield Layer(inner, hidden, 1, at)
    yield Layer(2 * hidden, out, 1, at)
    for _ in range(count):
        yield Layer(hidden, hidden, 1, at)
        yield from _spatial(size, hidden, hidden, at)


def _spatial(size: Size, inner: int, out: int, at: int) -> Iterator[Layer]:
    """3x3, or its depthwise pair."""
    if not size.depthwise:
        yield Layer(inner, out, 3, at)
        return
    yield Layer(inner, inner, 3, at, groups=inner)
    yield Layer(inner, out, 1, at)


def _padded(layer: Layer, width: int, height: int) -> int:
    """Elements of its output as the BPU lays it out: width to 8 and channels to 4, or channels to 32, whichever is less."""
    columns, rows = width // layer.at, height // layer.at
    return min(rows * _up(columns, 8) * _up(layer.out, 4), rows * columns * _up(layer.out, 32))


def _up(value: int, step: int) -> int:
    return -(-value // step) * step
