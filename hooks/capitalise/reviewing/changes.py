"""What a contribution changes, asked of git: nothing of the contribution is executed for it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from capitalise import git

USUAL_BASES = ("origin/HEAD", "origin/main", "upstream/main", "main")
"""Where a contribution usually comes from, the best guess first."""


class NoHistory(Exception):
    """There is nothing to compare with; `reason` is `no-git`, `no-repository` or `no-base`."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True)
class Change:
    """What happened to one file since the base."""

    file: str
    """Relative to the folder that holds the library's, with `/`."""
    is_new: bool = False
    is_gone: bool = False


@dataclass(frozen=True)
class History:
    """The folder that holds the library's, compared with one commit."""

    folder: Path
    commit: str

    def changes(self) -> Iterator[Change]:
        """Every file that differs from the base, those not yet committed among them."""
        status = _git(
            self.folder, "diff", "--name-status", "-z", "--no-renames", "--no-ext-diff", "--relative", self.commit, "--"
        )
        fields = status.split("\0")[:-1]
        for letter, file in zip(fields[::2], fields[1::2], strict=True):
            yield Change(file, letter == "A", letter == "D")
        for file in _git(self.folder, "ls-files", "-z", "--others", "--exclude-standard").split("\0")[:-1]:
            yield Change(file, True)

    def text(self, file: str) -> bytes | None:
        """A file as it was; None where it was not."""
        return git.blob(self.folder, self.commit, file)


def since(folder: Path, base: str | None) -> History:
    """The history since the contribution left `base`, a branch or a commit (by default the usual ones).

    Raises `NoHistory`.
    """
    try:
        _git(folder, "rev-parse", "--git-dir")
    except git.Refused:
        raise NoHistory("no-repository") from None
    except git.NoGit:
        raise NoHistory("no-git") from None
    for name in (base,) if base else USUAL_BASES:
        try:
            commit = _git(folder, "rev-parse", "--verify", "--quiet", "--end-of-options", f"{name}^{{commit}}").strip()
        except git.Refused:
            continue
        try:
            # What others added to the base meanwhile is not this contribution's.
            return History(folder, _git(folder, "merge-base", commit, "HEAD").strip())
        except git.Refused:  # a shallow copy does not reach so far back
            return History(folder, commit)
    raise NoHistory("no-base")


def _git(folder: Path, *arguments: str) -> str:
    return git.ask(folder, *arguments).decode("utf-8", "replace")
