"""What a file was before, where git keeps its history; nothing where there is no git, or no history."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from capitalise import git, limits

MOST_VERSIONS = 500
"""How far back to look: a person who translates does not lag by more."""


def versions(path: Path) -> Iterator[str]:
    """The texts of a file as they were committed, the newest first, with `\\n` line ends."""
    try:
        listed = git.ask(path.parent, "rev-list", f"--max-count={MOST_VERSIONS}", "HEAD", "--", path.name)
        for commit in listed.decode("ascii", "replace").split():
            data = git.blob(path.parent, commit, path.name)
            if data is not None and len(data) <= limits.MAX_TEXT_BYTES:
                yield data.decode("utf-8-sig", "replace").replace("\r\n", "\n").replace("\r", "\n")
    except (git.NoGit, git.Refused):
        return
