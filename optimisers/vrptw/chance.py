"""Random numbers inside compiled code, with their state in an array, so that a search can be repeated."""

from __future__ import annotations

import numpy as np

from optimisers.kernels import compiled


@compiled
def draw(rng):
    """Next 32 random bits of the state `rng` (1,) uint64.

    xorshift64*: Vigna, "An Experimental Exploration of Marsaglia's xorshift Generators, Scrambled", 2016.
    """
    x = rng[0]
    x ^= x >> np.uint64(12)
    x ^= x << np.uint64(25)
    x ^= x >> np.uint64(27)
    rng[0] = x
    return np.int64((x * np.uint64(2685821657736338717)) >> np.uint64(32))


@compiled
def below(rng, limit):
    """Uniform integer in [0, limit)."""
    return (draw(rng) * limit) >> 32


@compiled
def uniform(rng):
    """Uniform number in (0, 1)."""
    return (draw(rng) + 0.5) / 4294967296.0
