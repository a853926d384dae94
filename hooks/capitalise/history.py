"""What a file was before, where git keeps its history; nothing where there is no git, or no history."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from pathlib import Path

from capitalise import limits

MOST_VERSIONS = 500
"""How far back to look: a person who translates does not lag by more."""


def versions(path: Path) -> Iterator[str]:
    """The texts of a file as they were committed, the newest first, with `\\n` line ends."""
    listed = _git(path.parent, "rev-list", f"--max-count={MOST_VERSIONS}", "HEAD", "--", path.name)
    for commit in (listed or b"").decode("ascii", "replace").split():
        # `cat-file` and not `show`, which runs what the repository's settings name.
        data = _git(path.parent, "cat-file", "blob", f"{commit}:./{path.name}")
        if data is not None and len(data) <= limits.MAX_TEXT_BYTES:
            yield data.decode("utf-8-sig", "replace").replace("\r\n", "\n").replace("\r", "\n")


def _git(folder: Path, *arguments: str) -> bytes | None:
    """What git answers; None where it can't."""
    try:
        done = subprocess.run(["git", "-C", str(folder), *arguments], capture_output=True, timeout=60)
    except (OSError, subprocess.TimeoutExpired):
        return None
    return done.stdout if done.returncode == 0 else None
