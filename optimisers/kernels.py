"""How kernels are compiled, and when a compiled one is out of date."""

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
def _stamp(folder: Path) -> str:
    """Digest of a folder's sources."""
    digest = sha256()
    for path in sorted(folder.glob("*.py")):
        digest.update(path.read_bytes())
    return digest.hexdigest()


class _OfAllSources:
    """numba looks at a kernel's own file only, and keeps what it inlined from another after that changed."""

    _py_file: str

    def get_source_stamp(self) -> str:
        return _stamp(Path(self._py_file).parent)


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


def compiled(function: Callable[..., Any]) -> Any:
    """Compile a function, cached on disk until any source in its folder changes."""
    return _cached(njit(function), function)


def kernel(function: Callable[..., Any]) -> Any:
    """As `compiled`, for functions that allocate nothing and whose callers keep the arrays alive.

    The routing engine's kernels hand bundles of arrays to each other millions of times a second: without
    the counting of references the search runs about ten times as fast.
    """
    return _cached(njit(function, _nrt=False), function)


def _cached(dispatcher: Any, function: Callable[..., Any]) -> Any:
    dispatcher._cache = _Cache(function)
    return dispatcher
