"""Every near pair is found, and no other; among many hashes without comparing all with all."""

import time

import numpy as np

from ml.data.near_duplicates import near_pairs


def found(hashes, distance=3):
    return {
        tuple(sorted(pair))
        for i, j in near_pairs(hashes, distance)
        for pair in zip(i.tolist(), j.tolist(), strict=True)
    }


def planted(count, near, seed=0):
    """Random hashes, and `near` copies of the first ones with up to four bits turned."""
    rng = np.random.default_rng(seed)
    hashes = rng.integers(0, 2**64, count, dtype=np.uint64)
    for k in range(near):
        copy = hashes[k]
        for bit in rng.choice(64, k % 5, replace=False):
            copy ^= np.uint64(1) << np.uint64(bit)
        hashes[count - 1 - k] = copy
    return hashes


def test_the_same_pairs_as_comparing_all_with_all():
    for distance in (0, 1, 3, 6):
        hashes = planted(600, 100)
        i, j = np.triu_indices(len(hashes), 1)
        near = np.bitwise_count(hashes[i] ^ hashes[j]) <= distance
        assert found(hashes, distance) == set(zip(i[near].tolist(), j[near].tolist(), strict=True))


def test_nothing_is_near_nothing():
    assert found(np.empty(0, np.uint64)) == found(np.array([7], np.uint64)) == set()


def test_a_hundred_thousand_hashes_take_no_all_with_all():
    hashes = planted(100_000, 50)
    start = time.process_time()
    pairs = found(hashes)
    assert time.process_time() - start < 5.0  # 5e9 comparisons would take minutes
    assert len(pairs) == 40  # of every five copies the one with four bits turned is too far
