"""Folders compared to the last byte, and told apart by the first line that differs."""

from __future__ import annotations

import os
from pathlib import Path


def read(folder: Path) -> dict[str, bytes]:
    """Every file of a folder by its path; what begins with a dot at its top too."""
    return {
        Path(base, name).relative_to(folder).as_posix(): Path(base, name).read_bytes()
        for base, _, names in os.walk(folder)
        for name in names
    }


def difference(one: dict[str, bytes], other: dict[str, bytes]) -> str:
    """Empty where both are the same; else the first file and line in which they differ."""
    if missing := sorted(one.keys() ^ other.keys()):
        return f"only in the {'first' if missing[0] in one else 'second'}: {missing[0]} (and {len(missing) - 1} more)"
    for name in sorted(one):
        if one[name] != other[name]:
            lines = zip(one[name].split(b"\n"), other[name].split(b"\n"), strict=False)
            number, (left, right) = next(
                ((number, pair) for number, pair in enumerate(lines, 1) if pair[0] != pair[1]), (0, (b"", b""))
            )
            start = max(0, len(os.path.commonprefix([left, right])) - 60)
            return f"{name}:{number}:\n  {left[start : start + 160]!r}\n  {right[start : start + 160]!r}"
    return ""
