"""YOLOX in plain torch, with the parameter names of the official repository, so that its checkpoints load as they are (Ge et al., 2021)."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from ml.models.yolox.sizes import Size

BN_EPSILON, BN_MOMENTUM = 1e-3, 0.03
PYRAMID = (256, 512, 1024)  # channels of the three levels at width 1
PRIOR = 0.01  # the probability with which fresh anchors see an object, and each class in it
Convolution = Callable[..., nn.Module]
Activation = Callable[[Tensor], Tensor]


class BaseConv(nn.Module):
    """Convolution, batch norm, SiLU or another activation."""

    def __init__(self, inner: int, out: int, kernel: int, stride: int, groups: int = 1) -> None:
        super().__init__()
        self.conv = nn.Conv2d(inner, out, kernel, stride, (kernel - 1) // 2, groups=groups, bias=False)
        self.bn = nn.BatchNorm2d(out, eps=BN_EPSILON, momentum=BN_MOMENTUM)
        self.activation: Activation = F.silu

    def forward(self, x: Tensor) -> Tensor:
        return self.activation(self.bn(self.conv(x)))


class DWConv(nn.Module):
    """A depthwise convolution and a pointwise one."""

    def __init__(self, inner: int, out: int, kernel: int, stride: int = 1) -> None:
        super().__init__()
        self.dconv = BaseConv(inner, inner, kernel, stride, groups=inner)
        self.pconv = BaseConv(inner, out, 1, 1)

    def forward(self, x: Tensor) -> Tensor:
        return self.pconv(self.dconv(x))  # type: ignore[no-any-return]


class Focus(nn.Module):
    """Every second pixel in each direction to a channel of its own, then a convolution."""

    def __init__(self, out: int) -> None:
        super().__init__()
        self.conv = BaseConv(12, out, 3, 1)

    def forward(self, x: Tensor) -> Tensor:
        parts = (x[..., ::2, ::2], x[..., 1::2, ::2], x[..., ::2, 1::2], x[..., 1::2, 1::2])
        return self.conv(torch.cat(parts, 1))  # type: ignore[no-any-return]


class ConvStem(nn.Module):
    """What Focus does as one convolution of the picture, under the same names (lite.py converts the weights without loss)."""

    def __init__(self, out: int) -> None:
        super().__init__()
        self.conv = BaseConv(3, out, 6, 2)

    def forward(self, x: Tensor) -> Tensor:
        return self.conv(x)  # type: ignore[no-any-return]


class Bottleneck(nn.Module):
    def __init__(self, channels: int, conv: Convolution, *, shortcut: bool) -> None:
        super().__init__()
        self.conv1, self.conv2 = BaseConv(channels, channels, 1, 1), conv(channels, channels, 3, 1)
        self._shortcut = shortcut

    def forward(self, x: Tensor) -> Tensor:
        y: Tensor = self.conv2(self.conv1(x))
        return x + y if self._shortcut else y


class CSPLayer(nn.Module):
    """Half of the channels through bottlenecks, the other half past them; or `hidden` channels each."""

    def __init__(
        self, inner: int, out: int, count: int, conv: Convolution, *, shortcut: bool = True, hidden: int = 0
    ) -> None:
        super().__init__()
        hidden = hidden or out // 2
        self.conv1, self.conv2 = BaseConv(inner, hidden, 1, 1), BaseConv(inner, hidden, 1, 1)
        self.conv3 = BaseConv(2 * hidden, out, 1, 1)
        self.m = nn.Sequential(*(Bottleneck(hidden, conv, shortcut=shortcut) for _ in range(count)))

    def forward(self, x: Tensor) -> Tensor:
        through, past = self.conv1(x), self.conv2(x)
        return self.conv3(torch.cat([self.m(through), past], 1))  # type: ignore[no-any-return]


class SPPBottleneck(nn.Module):
    """Max-pools of three sizes beside the map itself."""

    def __init__(self, channels: int, *, small: bool) -> None:
        super().__init__()
        hidden = channels // 2
        self._small = small
        self.conv1, self.conv2 = BaseConv(channels, hidden, 1, 1), BaseConv(4 * hidden, channels, 1, 1)
        self.m = nn.ModuleList(nn.MaxPool2d(kernel, 1, kernel // 2) for kernel in (5, 9, 13))

    def forward(self, x: Tensor) -> Tensor:
        x = self.conv1(x)
        return self.conv2(torch.cat([x, *self._pooled(x)], 1))  # type: ignore[no-any-return]

    def _pooled(self, x: Tensor) -> list[Tensor]:
        """The greatest within 5, 9 and 13 px; two pools of 5 in a row see 9, three see 13, bit for bit."""
        if not self._small:
            return [pool(x) for pool in self.m]
        five = self.m[0](x)
        nine = self.m[0](five)
        return [five, nine, self.m[0](nine)]


class CSPDarknet(nn.Module):
    def __init__(self, size: Size, conv: Convolution) -> None:
        super().__init__()
        base, depth = size.channels(64), max(round(size.depth * 3), 1)
        inner = size.rounded(base)
        self.stem = ConvStem(inner) if size.conv_stem else Focus(inner)
        first = CSPLayer(2 * base, 2 * base, depth, conv, hidden=inner)
        self.dark2 = nn.Sequential(conv(inner, 2 * base, 3, 2), first)
        self.dark3 = nn.Sequential(conv(2 * base, 4 * base, 3, 2), CSPLayer(4 * base, 4 * base, 3 * depth, conv))
        self.dark4 = nn.Sequential(conv(4 * base, 8 * base, 3, 2), CSPLayer(8 * base, 8 * base, 3 * depth, conv))
        last = CSPLayer(16 * base, 16 * base, depth, conv, shortcut=False)
        self.dark5 = nn.Sequential(
            conv(8 * base, 16 * base, 3, 2), SPPBottleneck(16 * base, small=size.small_pools), last
        )

    def forward(self, x: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        fine = self.dark3(self.dark2(self.stem(x)))
        middle = self.dark4(fine)
        return fine, middle, self.dark5(middle)


class YOLOPAFPN(nn.Module):
    """Features down the pyramid and up again."""

    def __init__(self, size: Size, conv: Convolution) -> None:
        super().__init__()
        small, middle, large = (size.channels(channels) for channels in PYRAMID)
        count = round(3 * size.depth)
        self.backbone = CSPDarknet(size, conv)
        self.upsample = nn.Upsample(scale_factor=2, mode="nearest")
        self.lateral_conv0 = BaseConv(large, middle, 1, 1)
        self.C3_p4 = CSPLayer(2 * middle, middle, count, conv, shortcut=False)
        self.reduce_conv1 = BaseConv(middle, small, 1, 1)
        self.C3_p3 = CSPLayer(2 * small, small, count, conv, shortcut=False)
        self.bu_conv2 = conv(small, small, 3, 2)
        self.C3_n3 = CSPLayer(2 * small, middle, count, conv, shortcut=False)
        self.bu_conv1 = conv(middle, middle, 3, 2)
        self.C3_n4 = CSPLayer(2 * middle, large, count, conv, shortcut=False)

    def forward(self, x: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        fine, middle, coarse = self.backbone(x)
        lateral = self.lateral_conv0(coarse)
        reduced = self.reduce_conv1(self.C3_p4(torch.cat([self.upsample(lateral), middle], 1)))
        out2 = self.C3_p3(torch.cat([self.upsample(reduced), fine], 1))
        out1 = self.C3_n3(torch.cat([self.bu_conv2(out2), reduced], 1))
        out0 = self.C3_n4(torch.cat([self.bu_conv1(out1), lateral], 1))
        return out2, out1, out0


class YOLOXHead(nn.Module):
    """Class and box apart from each other, on each level: three maps to (B, A, 5 + classes), raw boxes and logits."""

    def __init__(self, size: Size, classes: int, conv: Convolution) -> None:
        super().__init__()
        hidden = size.channels(256)
        inner = [size.channels(channels) for channels in PYRAMID]
        self.stems = nn.ModuleList(BaseConv(channels, hidden, 1, 1) for channels in inner)
        self.cls_convs, self.reg_convs = (
            nn.ModuleList(nn.Sequential(conv(hidden, hidden, 3, 1), conv(hidden, hidden, 3, 1)) for _ in inner)
            for _ in range(2)
        )
        self.cls_preds, self.reg_preds, self.obj_preds = (
            nn.ModuleList(nn.Conv2d(hidden, out, 1) for _ in inner) for out in (classes, 4, 1)
        )
        for fresh in (*self.cls_preds, *self.obj_preds):
            nn.init.constant_(fresh.bias, -math.log((1 - PRIOR) / PRIOR))

    def forward(self, levels: Sequence[Tensor]) -> Tensor:
        rows = [torch.cat(maps, 1).flatten(2) for maps in self.maps(levels)]
        return torch.cat(rows, 2).transpose(1, 2)

    def maps(self, levels: Sequence[Tensor]) -> list[tuple[Tensor, Tensor, Tensor]]:
        """Raw boxes, objectness and classes (B, 4 or 1 or classes, h, w) of each level, as a device gets them."""
        found = []
        for place, level in enumerate(levels):
            stem = self.stems[place](level)
            classes = self.cls_preds[place](self.cls_convs[place](stem))
            boxes = self.reg_convs[place](stem)
            found.append((self.reg_preds[place](boxes), self.obj_preds[place](boxes), classes))
        return found


class YOLOX(nn.Module):
    """(B, 3, S, S) BGR 0-255 to (B, A, 5 + classes): raw boxes in strides, objectness and classes as probabilities, level by level."""

    def __init__(self, size: Size, classes: int = 80) -> None:
        super().__init__()
        conv: Convolution = DWConv if size.depthwise else BaseConv
        self.backbone = YOLOPAFPN(size, conv)
        self.head = YOLOXHead(size, classes, conv)
        if size.relu:
            for module in self.modules():
                if isinstance(module, BaseConv):
                    module.activation = F.relu

    def forward(self, pixels: Tensor) -> Tensor:
        raw = self.head(self.backbone(pixels))
        return torch.cat([raw[..., :4], raw[..., 4:].sigmoid()], -1)
