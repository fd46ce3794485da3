"""The fast way through a Grounding DINO for inference: the same answers as `model(...)`, for less.

The text is encoded once a prompt, the deformable attention is compiled (deformable.py), image-text attention is folded (fusion.py), heads are asked
for the last decoder layer alone, and products are split on a processor with AMX (split.py) or bf16 on a GPU. In bf16 what steers keeps all its digits: the
residual stream, where attention looks, the proposals, whose order decides which queries there are, and the heads.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import torch
from torch import Tensor, nn

from ml.models.grounding_dino.attention import fuse_attention
from ml.models.grounding_dino.deformable import compile_attention, fuse_deformable
from ml.models.grounding_dino.feedforward import slice_feed_forward
from ml.models.grounding_dino.fusion import fold_fusion
from ml.models.grounding_dino.split import split_linear, splits

MOST_PROMPTS = 16  # remembered: a large taxonomy takes several
FULL_PRECISION = (  # names of modules, by their endings
    "text_backbone",
    "text_projection",
    "input_proj_vision",
    "embeddings",  # of the backbone, and the steps between its stages: whose outputs begin a residual stream
    "downsampling_layer",
    "downsample",
    "fusion_layer",
    "text_enhancer_layer",
    "sampling_offsets",
    "attention_weights",
    "reference_points_head",
    "enc_output",
    "enc_output_norm",
    "encoder_output_class_embed",
    "encoder_output_bbox_embed",
    "bbox_embed",
)


class Engine:
    """A model on its device, ready to predict.

    `precision` is fp32, bf16, split (fp32 numbers as two of bf16 each: the same boxes, on a processor with AMX; elsewhere it is fp32), or auto:
    on a GPU bf16 where it is native, on a processor split.
    """

    def __init__(self, model: Any, device: torch.device, *, precision: str = "auto") -> None:
        self.model, self.device = model.eval().to(device).requires_grad_(requires_grad=False), device
        self.precision = chosen(precision, device)
        if device.type == "cpu":
            if compile_attention(model):
                fuse_deformable(model)
            slice_feed_forward(model)
        model.model.text_backbone = RememberedText(model.model.text_backbone)
        fold_fusion(model)
        fuse_attention(model)
        if self.precision == "split":
            split_linear(model.model)
        if self.precision == "bf16":
            keep_full_precision(model.model)
            model.model.decoder.register_forward_pre_hook(_rounded_once, with_kwargs=True)

    @torch.inference_mode()
    def __call__(self, pixels: Tensor, input_ids: Tensor, attention_mask: Tensor) -> tuple[Tensor, Tensor]:
        """Logits (B, Q, L) and relative cxcywh boxes (B, Q, 4) of a batch with one prompt, in fp32.

        Args:
            pixels: (B, 3, H, W) normalised. input_ids, attention_mask: (1, L).
        """
        count = len(pixels)
        ids, mask = (part.to(self.device).expand(count, -1) for part in (input_ids, attention_mask))
        with torch.autocast(self.device.type, torch.bfloat16, enabled=self.precision == "bf16"):
            output = self.model.model(
                pixel_values=pixels.to(self.device, non_blocking=True), input_ids=ids, attention_mask=mask
            )
        return last_layer(self.model, output, mask)


def last_layer(model: Any, output: Any, attention_mask: Tensor) -> tuple[Tensor, Tensor]:
    """Logits and boxes of the last decoder layer, as the model's own forward pass makes them, in fp32."""
    hidden = output.intermediate_hidden_states[:, -1].float()
    layers = output.intermediate_hidden_states.shape[1]
    before = output.intermediate_reference_points[:, -2] if layers > 1 else output.init_reference_points
    logits = model.class_embed[layers - 1](
        vision_hidden_state=hidden,
        text_hidden_state=output.encoder_last_hidden_state_text.float(),
        text_token_mask=attention_mask.bool(),
    )
    boxes = (model.bbox_embed[layers - 1](hidden) + torch.special.logit(before.float(), eps=1e-5)).sigmoid()
    return logits, boxes


def chosen(precision: str, device: torch.device) -> str:
    """fp32, bf16 or split, from what is asked for and what the device has."""
    if precision == "auto" and device.type == "cuda":
        return "bf16" if native_bf16(device) else "fp32"
    if precision in ("auto", "split"):
        return "split" if splits(device) else "fp32"
    return precision


def native_bf16(device: torch.device) -> bool:
    """Whether the device multiplies bf16 itself; where it does not, autocast is slower than fp32."""
    if device.type == "cuda":
        return bool(torch.cuda.is_bf16_supported())
    return bool(torch.cpu._is_avx512_bf16_supported() or torch.cpu._is_amx_tile_supported())


class RememberedText(nn.Module):
    """A text backbone that encodes a prompt once, however many frames and batches ask for it. Every row of a batch has the same prompt."""

    def __init__(self, backbone: nn.Module) -> None:
        super().__init__()
        self.backbone = backbone
        self._outputs: dict[tuple[int, ...], Any] = {}

    def forward(self, input_ids: Tensor, *more: Any, **named: Any) -> Any:
        prompt = tuple(input_ids[0].tolist())
        if prompt not in self._outputs:
            if len(self._outputs) >= MOST_PROMPTS:
                self._outputs.clear()
            rows = [part[:1] if isinstance(part, Tensor) else part for part in more]
            self._outputs[prompt] = self.backbone(input_ids[:1], *rows, **named)
        output = self._outputs[prompt]
        return type(output)(last_hidden_state=output.last_hidden_state.expand(len(input_ids), -1, -1))


def keep_full_precision(model: nn.Module) -> None:
    """Let the modules that FULL_PRECISION names compute in fp32 within autocast."""
    for name, module in model.named_modules():
        parts = name.split(".")
        if parts[-1] in FULL_PRECISION or (len(parts) > 1 and parts[-2] in FULL_PRECISION and parts[-1].isdecimal()):
            module.forward = _in_full(module.forward)


def _rounded_once(_: nn.Module, args: tuple[Any, ...], named: dict[str, Any]) -> Any:
    """Every decoder layer multiplies the picture's tokens in bf16: round them once, not once a layer."""
    tokens = named["vision_encoder_hidden_states"].to(torch.bfloat16)
    return args, {**named, "vision_encoder_hidden_states": tokens}


def _in_full(forward: Callable[..., Any]) -> Callable[..., Any]:
    def full(*parts: Any, **named: Any) -> Any:
        with torch.autocast("cuda" if torch.is_autocast_enabled("cuda") else "cpu", enabled=False):
            return forward(*map(_float, parts), **{name: _float(part) for name, part in named.items()})

    return full


def _float(part: Any) -> Any:
    return part.float() if isinstance(part, Tensor) and part.is_floating_point() else part
