"""Two small Grounding DINOs, student and teacher: small enough to learn from scratch on a laptop's processor, in the layout of transformers.

ConvNeXt with three feature levels, a two-layer BERT over a vocabulary of our own, d_model 128, 100 queries. The mini has twice the nano's parameters, most of
them where pictures are small and depth costs little.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from transformers import (
    BertConfig,
    BertTokenizer,
    ConvNextConfig,
    MMGroundingDinoConfig,
    MMGroundingDinoForObjectDetection,
)

from ml.taxonomies import PRESETS

MAX_TOKENS = 64
STRIDE_PX = 32  # of the coarsest level
VOCABULARY_SIZE = 1060
# transformers has these ids written into its masks; an own vocabulary must keep them.
SPECIAL_IDS = {0: "[PAD]", 100: "[UNK]", 101: "[CLS]", 102: "[SEP]", 103: "[MASK]", 1012: ".", 1029: "?"}
FUSION_SCALE = 0.1  # 1e-4, the default, leaves text and image strangers for too long
WORDS = """a an the of on in at with and or red green blue white black yellow grey small large big vehicle car cars van bus buses truck trucks
lorry trailer train tram tricycle rickshaw motorcycle motorbike motorcyclist bicycle bike bicyclist cyclist rider person people pedestrian man
woman child head face rear front side back wheel light lights traffic signal lamp sign signs stop speed limit licence license plate number road
lane line cone barrier pole fire hydrant parking meter cat dog animal ambulance police taxi pickup suv sedan excavator bulldozer scooter stroller
wheelchair construction worker emergency school crossing sitting standing walking riding tail brake headlight window door mirror bumper tyre
helmet umbrella bag bench building tree sky bridge tunnel toll gate board billboard arrow""".split()  # noqa: SIM905 - a list of 150 lines says less
LAYER_OUTPUTS = (  # what a layer adds to its input goes through one of these
    "layer_scale_parameter",
    "vision_param",
    "text_param",
    *(f"{part}.{kind}" for part in ("output_proj", "out_proj", "fc2") for kind in ("weight", "bias")),
    *(f"bbox_embed.{number}.layers.2.{kind}" for number in range(12) for kind in ("weight", "bias")),
)
LETTERS = "abcdefghijklmnopqrstuvwxyz0123456789"


@dataclass(frozen=True)
class Size:
    """`depths` of the backbone's stages and how many layers encoder and decoder have."""

    depths: tuple[int, int, int, int]
    encoder_layers: int
    decoder_layers: int


SIZES = {"nano": Size((1, 1, 3, 1), 2, 3), "mini": Size((1, 1, 9, 6), 3, 4)}


def vocabulary() -> list[str]:
    """WordPiece: the phrases of every preset, words of the road, and single letters so that no word is unknown."""
    phrases = [word for preset in PRESETS.values() for category in preset for word in category.phrase.lower().split()]
    pieces = dict.fromkeys([*phrases, *WORDS, *LETTERS, *"-'/,", *(f"##{letter}" for letter in LETTERS)])
    entries = [f"[unused{index}]" for index in range(VOCABULARY_SIZE)]
    for index, token in SPECIAL_IDS.items():
        entries[index] = token
    free = (index for index in range(104, VOCABULARY_SIZE) if index not in SPECIAL_IDS)
    for index, piece in zip(free, pieces, strict=False):
        entries[index] = piece
    return entries


def build_tokenizer() -> Any:
    """A BERT tokenizer over `vocabulary()`."""
    ids = {token: index for index, token in enumerate(vocabulary())}
    return BertTokenizer(vocab=ids, do_lower_case=True, model_max_length=MAX_TOKENS)


def build_config(size: str = "nano") -> MMGroundingDinoConfig:
    """Raises: KeyError for a size that is not in `SIZES`."""
    chosen = SIZES[size]
    backbone = ConvNextConfig(
        hidden_sizes=[32, 64, 128, 192],
        depths=list(chosen.depths),
        layer_scale_init_value=1.0,
        out_features=["stage2", "stage3", "stage4"],  # type: ignore[call-arg]  # a property to the checker
    )
    text = BertConfig(
        vocab_size=VOCABULARY_SIZE,
        hidden_size=128,
        num_hidden_layers=2,
        num_attention_heads=4,
        intermediate_size=512,
        max_position_embeddings=MAX_TOKENS,
        hidden_dropout_prob=0.0,
        attention_probs_dropout_prob=0.0,
    )
    return MMGroundingDinoConfig(
        backbone_config=backbone,
        text_config=text,
        d_model=128,
        encoder_layers=chosen.encoder_layers,
        decoder_layers=chosen.decoder_layers,
        encoder_ffn_dim=512,
        decoder_ffn_dim=512,
        encoder_attention_heads=4,
        decoder_attention_heads=4,
        num_feature_levels=3,
        num_queries=100,
        max_text_len=MAX_TOKENS,
        dropout=0.0,
        attention_dropout=0.0,
        activation_dropout=0.0,
        fusion_dropout=0.0,
        fusion_droppath=0.0,
        text_enhancer_dropout=0.0,
        decoder_bbox_embed_share=False,
    )


def build_model(seed: int, size: str = "nano") -> MMGroundingDinoForObjectDetection:
    """Fresh weights."""
    torch.manual_seed(seed)
    model = MMGroundingDinoForObjectDetection(build_config(size))
    for name, parameter in model.named_parameters():
        if name.endswith(("vision_param", "text_param")):
            torch.nn.init.constant_(parameter, FUSION_SCALE)
    return model


@torch.no_grad()
def grow(source: Any, model: Any) -> None:
    """Begin a deeper model at a shallower one's weights: layers that the source lacks start as copies of its last whose output is nil, so
    that the model begins by doing nearly what the source does (after Net2Net, Chen et al., 2016).

    Raises:
        ValueError: the two differ in more than depth.
    """
    known = source.state_dict()
    for name, tensor in model.state_dict().items():
        origin = name if name in known else _shallower(name, known)
        if known[origin].shape != tensor.shape:
            raise ValueError(f"{name} is {tuple(tensor.shape)}, in the source {tuple(known[origin].shape)}")
        silent = origin != name and any(name.endswith(part) for part in LAYER_OUTPUTS)
        tensor.copy_(torch.zeros_like(tensor) if silent else known[origin])


def _shallower(name: str, known: dict[str, Any]) -> str:
    """The parameter of the nearest shallower layer that there is."""
    parts = name.split(".")
    for place in reversed([i for i, part in enumerate(parts) if part.isdecimal()]):
        for number in reversed(range(int(parts[place]))):
            candidate = ".".join([*parts[:place], str(number), *parts[place + 1 :]])
            if candidate in known:
                return candidate
    raise ValueError(f"{name} has no counterpart in the source")


def save(model: Any, folder: Path, tokenizer: Any = None, *, shortest_edge: int = 256) -> None:
    """The checkpoint folder: config, weights in safetensors, tokenizer (our own unless given), and the input size in px that it was trained at."""
    model.save_pretrained(folder, safe_serialization=True)
    (tokenizer or build_tokenizer()).save_pretrained(folder)
    size = {"shortest_edge": shortest_edge, "longest_edge": round(2.5 * shortest_edge)}
    (folder / "preprocessor_config.json").write_text(json.dumps({"size": size, "size_divisor": STRIDE_PX}))
