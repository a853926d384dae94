"""What was made from a file's content, kept to be taken again: pictures, and what was found in a document.

A folder of files named by their key, each with the hash of its content before it: one that was cut short or altered
is not taken. It may be deleted at any moment, and two builds may use it at once: what is missing is made again.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import threading
import time
from functools import cache
from pathlib import Path

from capitalise import git, limits, whole

FOLDER = "pictures"
_HASH = hashlib.sha256().digest_size
_LEFT_BEHIND = 86_400
"""Seconds after which a file that was begun and never finished belongs to a program that was stopped."""


def recipe(*files: str | Path, using: str = "") -> str:
    """Names a way to make something: by the program's own files that say how, and the versions that it uses."""
    told = hashlib.sha256(using.encode())
    for file in files:
        told.update(Path(file).read_bytes())
    return told.hexdigest()


def key(recipe: str, *parts: str | bytes) -> str:
    """The name of what is made from `parts` in a way that `recipe` names."""
    whole_key = hashlib.sha256(recipe.encode())
    for part in parts:
        whole_key.update(b"\0" + (part.encode() if isinstance(part, str) else part))
    return whole_key.hexdigest()


class Kept:
    """Contents by key. Without a folder it keeps nothing."""

    def __init__(self, folder: Path | None, most: int = limits.MAX_PICTURES_BYTES) -> None:
        self.folder, self.most = folder, most
        self._writing = threading.Lock()  # a file being written is named by its process alone

    def get(self, name: str) -> bytes | None:
        """A content as it was put, or None. It counts as used now."""
        if self.folder is None:
            return None
        path = self._path(name)
        try:
            data = path.read_bytes()
        except OSError:
            return None
        content = data[_HASH:]
        if hashlib.sha256(content).digest() != data[:_HASH]:
            with contextlib.suppress(OSError):
                path.unlink()
            return None
        with contextlib.suppress(OSError):
            os.utime(path)
        return content

    def has(self, name: str) -> bool:
        """Whether a content is there, be it spoilt: `get` tells. It counts as used now."""
        if self.folder is None:
            return False
        try:
            os.utime(self._path(name))
        except OSError:
            return False
        return True

    def put(self, name: str, content: bytes) -> None:
        """Keeps a content; where the disk is full or can't be written, nothing is kept and nothing is lost."""
        if self.folder is not None:
            with self._writing, contextlib.suppress(OSError):
                whole.write(self._path(name), hashlib.sha256(content).digest() + content)

    def prune(self) -> None:
        """Takes away what was not used for longest, until the rest is within the limit; called at a build's end."""
        if self.folder is None:
            return
        found, now = [], time.time()
        for path in self.folder.glob("??/*"):
            with contextlib.suppress(OSError):  # another build may take it away just now
                told = path.stat()
                if path.name.startswith("."):
                    if now - told.st_mtime > _LEFT_BEHIND:
                        path.unlink()
                else:
                    found.append((told.st_mtime, told.st_size, path))
        total = sum(size for _, size, _ in found)
        for _, size, path in sorted(found):
            if total <= self.most:
                break
            with contextlib.suppress(OSError):
                path.unlink()
            total -= size

    def _path(self, name: str) -> Path:
        assert self.folder is not None
        return self.folder / name[:2] / name


def near(root: Path, folder: str | None = None) -> Kept:
    """What is kept of a site's pictures, in its cache (`place`)."""
    return of(place(root, folder))


@cache
def of(place: Path | None) -> Kept:
    """What is kept of pictures in a cache; nothing, where there is none."""
    return Kept(place / FOLDER if place else None)


def place(root: Path, folder: str | None = None) -> Path | None:
    """The cache of a site: `folder`, or what the variable `CAPITALISE_CACHE` names, beside its `mkdocs.yml`.

    None where that is empty, and where there is no site: no folder appears in a place that is not ours. None too where
    git holds a file of it: that came with somebody's contribution, and would be published without a look.
    """
    return _place(root, os.environ.get("CAPITALISE_CACHE", ".cache") if folder is None else folder)


@cache
def _place(root: Path, folder: str) -> Path | None:
    if not folder or not (root / "mkdocs.yml").is_file():
        return None
    try:
        came = git.ask(root, "ls-files", "--", folder)
    except (git.NoGit, git.Refused):  # no repository, or a folder outside it: nobody else writes there
        came = b""
    return None if came else root / folder
