"""What git knows of a folder. Nothing that the repository holds or sets is run for it."""

from __future__ import annotations

import subprocess
from pathlib import Path

PATIENCE = 60
"""Seconds after which git is taken for stuck."""


class NoGit(Exception):
    """There is no git here, or it does not answer."""


class Refused(Exception):
    """Git has no answer to that: there is no repository, or not what was asked for."""


def ask(folder: Path, *arguments: str) -> bytes:
    """What git answers in a folder. Raises `NoGit`, `Refused`."""
    try:
        done = subprocess.run(["git", *arguments], cwd=folder, capture_output=True, timeout=PATIENCE)
    except (OSError, subprocess.TimeoutExpired) as error:
        raise NoGit(str(error)) from error
    if done.returncode:
        raise Refused(done.stderr.decode("utf-8", "replace").strip())
    return done.stdout


def blob(folder: Path, commit: str, file: str) -> bytes | None:
    """A file of the folder as it was at a commit; None where it was not. Raises `NoGit`."""
    try:
        # `cat-file` and not `show`, which runs what the repository's settings name.
        return ask(folder, "cat-file", "blob", f"{commit}:./{file}")
    except Refused:
        return None
