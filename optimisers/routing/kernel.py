"""How the engine's kernels are compiled."""

from __future__ import annotations

from functools import partial

from numba import njit

# Kernels hand bundles of arrays to each other millions of times a second and allocate nothing. Without the
# counting of references (callers keep the arrays alive) the search runs about ten times as fast.
kernel = partial(njit, cache=True, _nrt=False)
