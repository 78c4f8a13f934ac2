"""What lies in the inbox: listings with a mark per version of a file, without reading any."""

from __future__ import annotations

import hashlib
from typing import Any

import fsspec

from warehouse.sources.catalogue import FEEDS, Feed


def opened(inbox_url: str) -> tuple[Any, str]:
    """(file system, root folder) of an inbox address."""
    files, root = fsspec.core.url_to_fs(inbox_url)
    return files, root.rstrip("/")


def listed(files: Any, root: str, feed: Feed) -> list[tuple[str, str]]:
    """(path under the inbox, mark) of the feed's files, in the order of their names.

    Names that start with ``.`` or ``_`` are files still being written and are left alone.

    Raises:
        FileNotFoundError: the inbox itself does not exist (a feed without a folder yet is just empty).
    """
    files.invalidate_cache()
    if not files.isdir(root):
        raise FileNotFoundError(f"the inbox {root} does not exist")
    folder = f"{root}/{feed.folder}"
    if not files.isdir(folder):
        return []
    found = files.find(folder, detail=True)
    return sorted(
        (path[len(root) + 1 :], _mark(info))
        for path, info in found.items()
        if path.endswith(feed.suffix) and not path.rsplit("/", 1)[-1].startswith((".", "_"))
    )


def inbox_mark(inbox_url: str) -> str:
    """A short text that changes whenever a file of any feed arrives or changes; for the inbox sensor."""
    files, root = opened(inbox_url)
    digest = hashlib.blake2b(digest_size=12)
    for feed in FEEDS.values():
        for path, mark in listed(files, root, feed):
            digest.update(f"{path}\t{mark}\n".encode())
    return digest.hexdigest()


def _mark(info: dict[str, object]) -> str:
    """What changes in a listing when a file changes: an object store's tag, else size and change time."""
    names = ("ETag", "etag", "mtime", "LastModified", "created")
    tag = next((info[name] for name in names if info.get(name)), "")
    return f"{info.get('size')}/{tag}"
