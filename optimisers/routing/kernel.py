"""How the engine's kernels are compiled and when a compiled one is out of date."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Any

from numba import njit
from numba.core.caching import (
    CompileResultCacheImpl,
    FunctionCache,
    InTreeCacheLocator,
    UserProvidedCacheLocator,
    UserWideCacheLocator,
)


@cache
def _stamp() -> str:
    """Digest of this folder's sources."""
    digest = sha256()
    for path in sorted(Path(__file__).parent.glob("*.py")):
        digest.update(path.read_bytes())
    return digest.hexdigest()


class _OfAllSources:
    """numba looks at a kernel's own file only, and keeps what it inlined from another after that changed."""

    def get_source_stamp(self) -> str:
        return _stamp()


class _UserProvided(_OfAllSources, UserProvidedCacheLocator):
    pass


class _InTree(_OfAllSources, InTreeCacheLocator):
    pass


class _UserWide(_OfAllSources, UserWideCacheLocator):
    pass


class _Stored(CompileResultCacheImpl):
    _locator_classes = (_UserProvided, _InTree, _UserWide)


class _Cache(FunctionCache):
    _impl_class = _Stored


def kernel(function: Callable[..., Any]) -> Any:
    """Compile a function, cached on disk until any source of the engine changes.

    Kernels hand bundles of arrays to each other millions of times a second and allocate nothing. Without the
    counting of references (callers keep the arrays alive) the search runs about ten times as fast.
    """
    compiled = njit(function, _nrt=False)
    compiled._cache = _Cache(function)
    return compiled
