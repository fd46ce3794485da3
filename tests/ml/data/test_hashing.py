"""The same bytes, and the same picture."""

import hashlib
import io

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image, ImageEnhance

from ml.data.hashing import hamming, perceptual_hash, sha256_file
from ml.data.images import encode_jpeg

signed_64 = st.integers(-(2**63), 2**63 - 1)


def scene(seed: int) -> Image.Image:
    """A smooth random picture: noise enlarged, as photos have most of their energy in low frequencies."""
    noise = np.random.default_rng(seed).integers(0, 255, (9, 16, 3), dtype=np.uint8)
    return Image.fromarray(noise).resize((640, 360), Image.Resampling.BICUBIC)


def test_sha256_is_that_of_the_bytes(tmp_path):
    path = tmp_path / "bytes"
    path.write_bytes(bytes(range(256)) * 5000)
    assert sha256_file(path) == hashlib.sha256(path.read_bytes()).hexdigest()


@pytest.mark.parametrize("seed", range(5))
def test_the_same_picture_in_another_file_is_near(seed):
    image = scene(seed)
    original = perceptual_hash(image)
    assert perceptual_hash(np.asarray(image)) == original
    assert hamming(original, perceptual_hash(Image.open(io.BytesIO(encode_jpeg(image, quality=40))))) <= 4
    assert hamming(original, perceptual_hash(image.resize((320, 180)))) <= 4
    assert hamming(original, perceptual_hash(ImageEnhance.Brightness(image).enhance(0.8))) <= 4


def test_other_pictures_are_far():
    hashes = [perceptual_hash(scene(seed)) for seed in range(12)]
    distances = [hamming(a, b) for i, a in enumerate(hashes) for b in hashes[:i]]
    assert min(distances) >= 12


def test_the_hash_fits_a_signed_64_bit_column():
    hashes = [perceptual_hash(scene(seed)) for seed in range(12)]
    assert all(-(2**63) <= value < 2**63 for value in hashes)
    assert perceptual_hash(Image.new("RGB", (10, 10))) == perceptual_hash(Image.new("RGB", (99, 10), "white"))


@given(signed_64, signed_64)
def test_hamming_counts_differing_bits(a, b):
    assert hamming(a, a) == 0
    assert hamming(a, b) == hamming(b, a) <= 64
    assert hamming(a, ~a) == 64
