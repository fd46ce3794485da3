"""Grounding DINO and MM-Grounding-DINO by transformers."""
