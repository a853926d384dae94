"""Names that every system can read from a stick, and the room that files take on it.

Rules: FAT32 and exFAT as Windows applies them (Microsoft, "Naming Files, Paths, and Namespaces"). What is not safe
there is refused here: mtools and some systems write such names all the same, altered or so that Windows can't open
them.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from typing import NamedTuple

MOST_PATH = 180
"""Characters of a path from the stick's root: with the folder of a person who copies it, Windows stops at 259."""
MOST_NAME = 120
CLUSTER = 32 * 1024
"""What a file takes at least on a FAT32 stick of 16 GB and more, the usual ones."""
MOST_FILE = 2**32 - 1
"""The largest file on FAT32, in bytes."""

_RESERVED = {"con", "prn", "aux", "nul", "conin$", "conout$", "clock$"}
_RESERVED |= {f"{port}{number}" for port in ("com", "lpt") for number in (*range(10), "¹", "²", "³")}
_FORBIDDEN = re.compile(r'[<>:"\\|?*\x00-\x1f\x7f]')


class Fault(NamedTuple):
    """A path that a stick can't hold as it is."""

    path: str
    code: str
    """`reserved`, `ending`, `character`, `name-length`, `path-length`, `case`, `form` or `size`."""
    other: str = ""
    """The path with which it would be confused."""


def safe(path: str) -> str:
    """A path without the names that Windows keeps for itself: such a part gets a `-`, which no address ends with."""
    return "/".join(f"{part}-" if _stem(part) in _RESERVED else part for part in path.split("/"))


def faults(sizes: Iterable[tuple[str, int]]) -> Iterator[Fault]:
    """What is wrong with paths (with `/`) and sizes in bytes; nothing for what a stick can hold."""
    seen: dict[str, str] = {}
    for path, size in sizes:
        for part in path.split("/"):
            if _stem(part) in _RESERVED:
                yield Fault(path, "reserved")
            if not part or part != part.strip(" ").rstrip("."):
                yield Fault(path, "ending")
            if _FORBIDDEN.search(part):
                yield Fault(path, "character")
            if len(part.encode("utf-16-le")) // 2 > MOST_NAME:
                yield Fault(path, "name-length")
        if len(path.encode("utf-16-le")) // 2 > MOST_PATH:
            yield Fault(path, "path-length")
        if unicodedata.normalize("NFC", path) != path:  # two forms of one name are two files to some, one to others
            yield Fault(path, "form")
        if size > MOST_FILE:
            yield Fault(path, "size")
        for start in _folders(path):  # folders too: `A/x` and `a/y` are in one folder
            key = unicodedata.normalize("NFC", start).casefold()
            if seen.setdefault(key, start) != start:
                yield Fault(path, "case", seen[key])
                break


def on_stick(sizes: Iterable[tuple[str, int]], cluster: int = CLUSTER) -> int:
    """Bytes that files and their folders take in whole clusters."""
    total, entries = 0, {"": 0}
    for path, size in sizes:
        total += -(-size // cluster) * cluster
        for start in _folders(path):
            parent, _, name = start.rpartition("/")
            if start not in entries:
                # One entry of 32 bytes, and one for each 13 characters of the long name.
                entries[parent] += 32 * (1 + -(-len(name) // 13))
                entries[start] = 64
        del entries[path]
    return total + sum(-(-size // cluster) * cluster for size in entries.values())


def _stem(part: str) -> str:
    return part.partition(".")[0].rstrip(" ").casefold()


def _folders(path: str) -> Iterator[str]:
    """`a/b/c` → `a`, `a/b`, `a/b/c`."""
    parts = path.split("/")
    for length in range(1, len(parts) + 1):
        yield "/".join(parts[:length])
