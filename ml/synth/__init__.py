"""Rendered road scenes with exact truth: what the bundled models learn from, and what tests and benchmarks are measured on."""

from ml.synth.drive import DriveSpec, render_drive
from ml.synth.scene import SynthFrame, random_scene
from ml.synth.truth import SynthBox

__all__ = ["DriveSpec", "SynthBox", "SynthFrame", "random_scene", "render_drive"]
