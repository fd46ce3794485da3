"""The nano Grounding DINO: small enough to learn from scratch on a laptop's processor, in the layout of transformers.

ConvNeXt with three feature levels, a two-layer BERT over a vocabulary of our own, d_model 128, 2 encoder and 3 decoder layers, 100 queries.
"""

from __future__ import annotations

import json
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
LETTERS = "abcdefghijklmnopqrstuvwxyz0123456789"


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


def build_config() -> MMGroundingDinoConfig:
    backbone = ConvNextConfig(
        hidden_sizes=[32, 64, 128, 192],
        depths=[1, 1, 3, 1],
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
        encoder_layers=2,
        decoder_layers=3,
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


def build_model(seed: int) -> MMGroundingDinoForObjectDetection:
    """Fresh weights."""
    torch.manual_seed(seed)
    model = MMGroundingDinoForObjectDetection(build_config())
    for name, parameter in model.named_parameters():
        if name.endswith(("vision_param", "text_param")):
            torch.nn.init.constant_(parameter, FUSION_SCALE)
    return model


def save(model: Any, folder: Path, *, shortest_edge: int = 256) -> None:
    """The checkpoint folder: config, weights in safetensors, tokenizer, and the input size in px that it was trained at."""
    model.save_pretrained(folder, safe_serialization=True)
    build_tokenizer().save_pretrained(folder)
    size = {"shortest_edge": shortest_edge, "longest_edge": round(2.5 * shortest_edge)}
    (folder / "preprocessor_config.json").write_text(json.dumps({"size": size, "size_divisor": STRIDE_PX}))
