"""One pass of a Grounding DINO with all that training and distillation want of it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import torch
from torch import Tensor

from ml.models.grounding_dino.boxes import Targets
from ml.models.grounding_dino.criterion import detection_loss
from ml.models.grounding_dino.denoising import noised
from ml.models.grounding_dino.heads import Decoded, decoded, proposed
from ml.models.grounding_dino.queries import Extra, beside
from ml.train.labels import Labels, Trust
from ml.train.observation import (
    GRADIENTS,
    MEMORY,
    NECK,
    OWN,
    QUERIES,
    Asked,
    Group,
    Probe,
    Rows,
    Seen,
    View,
    gradients_of,
)

if TYPE_CHECKING:
    from ml.models.grounding_dino.training import Batch


def observe(model: Any, batch: Batch, precision: str, denoising_queries: int, asked: Asked) -> Seen:
    """The terms of criterion.py on a batch, and the view that was asked for, with gradient where the model has it."""
    size, prompt = len(batch.pixels), batch.prompt
    mask = prompt.attention_mask.expand(size, -1)
    noise = noised(_certain(batch.labels, asked.trust), len(prompt.categories), denoising_queries)
    extras = [noise.queries] if noise else []
    extras += [_extra(probe) for probe in asked.probes.values()]
    with (
        _necks(model, asked) as necks,
        beside(model, extras, prompt.token_map),
        torch.autocast(batch.pixels.device.type, torch.bfloat16, enabled=precision == "bf16"),
    ):
        output = model.model(
            pixel_values=batch.pixels, input_ids=prompt.input_ids.expand(size, -1), attention_mask=mask
        )
    length = prompt.token_map.shape[1]
    found = decoded(model, output, mask, [extra.references for extra in extras], length)
    terms = detection_loss(found, proposed(output, length), batch.targets, prompt.token_map, noise, asked.trust)
    return Seen(terms, _view(output, found, noise.boxes.shape[1] if noise else 0, necks, terms, batch, asked))


def _view(
    output: Any, found: Decoded, noise: int, necks: list[Tensor], terms: dict[str, Tensor], batch: Batch, asked: Asked
) -> View:
    if not asked.taps:
        return View()
    text, token_map = output.encoder_last_hidden_state_text.float(), batch.prompt.token_map
    share = token_map / token_map.sum(1, keepdim=True)
    rows: dict[Group, Rows] = {}
    if QUERIES in asked.taps:
        everyone = torch.ones(found.boxes.shape[1], found.own, dtype=torch.bool, device=text.device)
        rows[OWN] = _rows(found, slice(0, found.own), share, output.init_reference_points.float(), everyone)
        first = found.own + noise
        for group, probe in asked.probes.items():
            last = first + probe.references.shape[1]
            rows[group] = _rows(found, slice(first, last), share, probe.references, probe.valid)
            first = last
    return View(
        rows=rows,
        text=text,
        token_map=token_map,
        classes=share @ text[:, : share.shape[1]],
        neck=tuple(part.float() for part in necks) if NECK in asked.taps else (),
        memory=_as_maps(output.encoder_last_hidden_state_vision, necks) if MEMORY in asked.taps else (),
        gradients=gradients_of(terms, necks) if GRADIENTS in asked.taps else (),
        noised=found.states[:, :, found.own : found.own + noise],
    )


def _rows(found: Decoded, which: slice, share: Tensor, references: Tensor, valid: Tensor) -> Rows:
    tokens = found.tokens[:, :, which]
    # A token beyond the prompt holds minus infinity, and nothing of it may be left: 0 * -inf.
    logits = tokens.clamp(min=-1e4) @ share.T
    return Rows(logits, tokens, found.boxes[:, :, which], found.states[:, :, which], references, valid)


def _certain(labels: Sequence[Labels], trust: Sequence[Trust] | None) -> list[Targets]:
    """Labels that denoising may teach: those whose class is beyond doubt."""
    if trust is None:
        return [Targets(each.labels, each.boxes) for each in labels]
    chosen = [each.kept(believed.kept[believed.certain]) for each, believed in zip(labels, trust, strict=True)]
    return [Targets(each.labels, each.boxes) for each in chosen]


def _extra(probe: Probe) -> Extra:
    valid = None if probe.valid.all() else probe.valid
    return Extra(probe.references, categories=probe.categories, slots=probe.slots, valid=valid)


@contextmanager
def _necks(model: Any, asked: Asked) -> Iterator[list[Tensor]]:
    """The maps that go into the image-text encoder, fine to coarse, once the pass is through."""
    seen: list[Tensor] = []
    if not asked.taps & {NECK, MEMORY, GRADIENTS}:
        yield seen
        return

    def keep(_: Any, __: Any, output: Tensor) -> None:
        if GRADIENTS in asked.taps and not output.requires_grad:
            output.requires_grad_()  # of a frozen model: the graph begins here
        seen.append(output)

    handles = [level.register_forward_hook(keep) for level in model.model.input_proj_vision]
    try:
        yield seen
    finally:
        for handle in handles:
            handle.remove()


def _as_maps(tokens: Tensor, like: Sequence[Tensor]) -> tuple[Tensor, ...]:
    """(B, S, d) to a map (B, d, H, W) a level."""
    sizes = [part.shape[2:] for part in like]
    parts = torch.split(tokens.float(), [height * width for height, width in sizes], 1)
    return tuple(part.transpose(1, 2).reshape(len(part), -1, *size) for part, size in zip(parts, sizes, strict=True))
