"""Steps made of random numbers: a student with gradient beside a teacher without, for tests of methods on their own."""

from __future__ import annotations

from dataclasses import fields, replace

import torch
from torch import Tensor

from ml.distill.method import GROUPS, Labels, Method, Rows, Shape, Step, View
from ml.distill.registry import method_class

LAYERS, ROWS, CATEGORIES, TOKENS, WIDTH = 3, 6, 4, 7, 8
NECK = (8, 8)
MAPS = ((8, 16), (4, 8))  # height and width of each level
SIZE = (64, 128)
SHAPE = Shape("grounding-dino", NECK, WIDTH, LAYERS)
TOKEN_MAP = torch.zeros(CATEGORIES, TOKENS)
for _category, _tokens in enumerate(((1,), (2, 3), (4,), (5,))):  # tokens 0 and 6 are special
    TOKEN_MAP[_category, list(_tokens)] = 1.0


def view(seed: int, pictures: int = 2, *, gradient: bool) -> View:
    """A view with all that any method asks for."""
    draw = torch.Generator().manual_seed(seed)

    def leaf(*shape: int, scale: float = 1.0) -> Tensor:
        return (scale * torch.randn(*shape, generator=draw)).requires_grad_(gradient)

    text = leaf(pictures, TOKENS, WIDTH)
    return View(
        rows={group: _rows(seed + 10 * place, pictures, gradient=gradient) for place, group in enumerate(GROUPS)},
        text=text,
        token_map=TOKEN_MAP,
        classes=(TOKEN_MAP / TOKEN_MAP.sum(1, keepdim=True)) @ text,
        neck=tuple(leaf(pictures, c, h, w) for c, (h, w) in zip(NECK, MAPS, strict=True)),
        memory=tuple(leaf(pictures, WIDTH, h, w) for h, w in MAPS),
        gradients=tuple(leaf(pictures, c, h, w, scale=0.1).detach() for c, (h, w) in zip(NECK, MAPS, strict=True)),
        noised=leaf(LAYERS, pictures, 2, WIDTH),
    )


def labels(counts: tuple[int, ...] = (3, 1)) -> list[Labels]:
    """So many boxes in each picture, apart from each other; zero is allowed."""
    made = []
    for count in counts:
        boxes = torch.tensor([[0.15 + 0.3 * place, 0.5, 0.2, 0.4] for place in range(count)]).reshape(-1, 4)
        ones = torch.ones(count)
        made.append(Labels(torch.arange(count) % CATEGORIES, boxes, torch.zeros(count), ones, ones))
    return made


def step(*, equal: bool = False, counts: tuple[int, ...] = (3, 1), **changes: object) -> Step:
    """A student with gradient and its teacher; `equal` makes their numbers the same."""
    student = view(1, len(counts), gradient=True)
    teacher = view(1 if equal else 2, len(counts), gradient=False)
    made = Step(student, teacher, labels(counts), SIZE)
    return replace(made, **changes)  # type: ignore[arg-type]


def method(name: str, shape: Shape = SHAPE, **options: object) -> Method:
    """A method with its default options but for some, whose adapters begin the same every time; the teacher is of `shape`."""
    torch.manual_seed(0)
    kind = method_class(name)
    return kind(kind.Args(**options), SHAPE, shape)


def leaves(seen: View) -> dict[str, Tensor]:
    """The tensors of a view that can take a gradient, by name."""
    found: dict[str, Tensor] = {}
    for group, rows in seen.rows.items():
        found |= {f"{group}.{field.name}": getattr(rows, field.name) for field in fields(Rows)}
    for name in ("text", "noised"):
        found[name] = getattr(seen, name)
    for name in ("neck", "memory"):
        found |= {f"{name}.{level}": part for level, part in enumerate(getattr(seen, name))}
    return {name: part for name, part in found.items() if part.requires_grad and part.is_leaf}


def _rows(seed: int, pictures: int, *, gradient: bool) -> Rows:
    draw = torch.Generator().manual_seed(seed)
    tokens = torch.randn(LAYERS, pictures, ROWS, TOKENS, generator=draw)
    centres = 0.2 + 0.6 * torch.rand(LAYERS, pictures, ROWS, 2, generator=draw)
    boxes = torch.cat([centres, 0.1 + 0.2 * torch.rand(LAYERS, pictures, ROWS, 2, generator=draw)], -1)
    return Rows(
        logits=(tokens @ (TOKEN_MAP / TOKEN_MAP.sum(1, keepdim=True)).T).requires_grad_(gradient),
        tokens=tokens.clone().requires_grad_(gradient),
        boxes=boxes.requires_grad_(gradient),
        states=torch.randn(LAYERS, pictures, ROWS, WIDTH, generator=draw).requires_grad_(gradient),
        references=boxes[0].detach().clone(),
        valid=torch.ones(pictures, ROWS, dtype=torch.bool),
    )
