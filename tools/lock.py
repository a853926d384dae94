"""Locks every package that we install, with its version and the hashes of its files, in `requirements*.txt`.

    python tools/lock.py              # after a change in pyproject.toml; keeps the other versions as they are
    python tools/lock.py --upgrade    # the newest of what pyproject.toml does not name

One lock for each thing that somebody wants: the site, reading Word documents, the tests, the audit, the bench. Each
holds all it needs, for Linux, Windows and macOS and for each Python that we support; what stands in several of the
first three has one version. No address of a registry gets in: pip asks the one that a computer is set up with, and
refuses a file with another hash.
"""

from __future__ import annotations

import subprocess
import sys
import tomllib
from pathlib import Path

ROOT = Path(__file__).parents[1]
WHOLE = "requirements-test.txt"
LOCKS: dict[str, tuple[str, ...]] = {
    WHOLE: ("word", "test", "tools"),
    "requirements.txt": (),
    "requirements-word.txt": ("word",),
}
"""File → the extras of pyproject.toml that it holds beside what the site needs. The first decides the versions."""
AUDIT = "requirements-audit.txt"
BENCH = "requirements-bench.txt"

_HEAD = """\
# For {what}. Made by `make lock` from pyproject.toml, never by hand.
"""


def main(*options: str) -> None:
    # What builds our own package is locked too: it is installed without asking a registry for anything.
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    build = "\n".join(project["build-system"]["requires"])
    for name, extras in LOCKS.items():
        asked = [option for extra in extras for option in ("--extra", extra)]
        asked += ["--constraint", WHOLE] if name != WHOLE else []
        _compile(name, [*asked, *options, "pyproject.toml", "-"], ", ".join(("the site", *extras)), build)
    _compile(AUDIT, [*options, "--group", "audit"], "the audit")
    _compile(BENCH, [*options, "--group", "bench"], "the bench: what builds are compared with")


def _compile(name: str, options: list[str], what: str, given: str = "") -> None:
    path = ROOT / name
    oldest = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["requires-python"]
    command = [sys.executable, "-m", "uv", "pip", "compile", "-q", "--universal", "--generate-hashes", "--no-header"]
    command += ["--no-annotate", "--python-version", oldest.removeprefix(">="), "--output-file", name]
    subprocess.run([*command, *options], cwd=ROOT, input=given, text=True, check=True)
    path.write_text(_HEAD.format(what=what) + path.read_text("utf-8"), "utf-8", newline="\n")


if __name__ == "__main__":
    main(*sys.argv[1:])
