"""What a copy holds, in the format of `sha256sum`, and whether it is still so.

The folder of the pages is named by the hash of the list itself: a manifest that was cut or altered is seen too.
"""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

NAME = "MANIFEST.sha256"
FOLDER = "capitalise"
"""The one folder of a copy; beside it stand files alone."""
FILES = f"{FOLDER}/files"
_LINE = re.compile(r"([0-9a-f]{64}) [ *](.+)")
_PAGE = re.compile(rf"{FOLDER}/([0-9a-f]{{12}})/(.+)")
TRACE = re.compile(rb"^[0-9a-f]{64}  (?:VERIFIER\.bat|LISEZ-MOI\.html|capitalise/[0-9a-f]{12}/.*)\r?$", re.MULTILINE)
"""A line by which even a manifest that was cut or altered is known for one of ours."""
NUMBER = re.compile(r"[0-9a-f]{12}\Z")


class NotAManifest(ValueError):
    """The text is not the manifest of a copy."""


@dataclass(frozen=True)
class Manifest:
    """Every file of a copy."""

    number: str
    """Of the copy: what tells two copies apart."""
    hashes: Mapping[str, str]
    """Path from the folder of the copy, with `/` → SHA-256."""

    @property
    def text(self) -> str:
        return "".join(f"{self.hashes[path]}  {path}\n" for path in sorted(self.hashes))

    @property
    def pages(self) -> list[str]:
        """The paths in the folder of the pages."""
        return [path for path in self.hashes if path.startswith(f"{FOLDER}/{self.number}/")]

    @property
    def files(self) -> list[str]:
        """The paths of the photos and documents."""
        return [path for path in self.hashes if path.startswith(f"{FILES}/")]

    @property
    def starts(self) -> list[str]:
        """The paths beside the folder."""
        return [path for path in self.hashes if not path.startswith(f"{FOLDER}/")]


def number_of(pages: Mapping[str, str], files: Mapping[str, str]) -> str:
    """The number of a copy from the hashes of its pages, by their path in their folder, and of its files."""
    text = "".join(f"{digest}  {path}\n" for paths in (pages, files) for path, digest in sorted(paths.items()))
    return hashlib.sha256(text.encode()).hexdigest()[:12]


def parse(text: str) -> Manifest:
    """Reads a manifest. Raises `NotAManifest` for anything else, and where a line was lost or altered."""
    hashes: dict[str, str] = {}
    for line in text.splitlines():
        found = _LINE.fullmatch(line)
        if not found or not _inside(found[2]):
            raise NotAManifest(line[:200])
        hashes[found[2]] = found[1]
    numbers = {found[1] for path in hashes if (found := _PAGE.fullmatch(path))}
    if len(numbers) != 1 or not text.endswith("\n"):
        raise NotAManifest("")
    manifest = Manifest(numbers.pop(), hashes)
    start = len(f"{FOLDER}/{manifest.number}/")
    pages = {path[start:]: hashes[path] for path in manifest.pages}
    if number_of(pages, {path: hashes[path] for path in manifest.files}) != manifest.number:
        raise NotAManifest(manifest.number)
    return manifest


def read(path: Path) -> Manifest | None:
    """The manifest in a file; None where there is none. Raises `NotAManifest`, `OSError`."""
    try:
        return parse(path.read_text("utf-8"))
    except FileNotFoundError:
        return None
    except UnicodeDecodeError as error:
        raise NotAManifest(path.name) from error


def _inside(path: str) -> bool:
    """Whether a path stays in the folder of the copy: a manifest on a stick may come from anybody."""
    return not path.startswith("/") and not re.search(r"[:\\\x00]|(?:^|/)\.\.?(?:/|\Z)|//", path)


def digest(path: Path) -> str:
    """SHA-256 of a file, read piece by piece."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


@dataclass(frozen=True)
class Verdict:
    """What a copy is found to be."""

    manifest: Manifest | None
    """None where there is none, or none that can be trusted: copying was interrupted, or the list is altered."""
    broken_list: bool = False
    missing: tuple[str, ...] = ()
    altered: tuple[str, ...] = ()
    unreadable: tuple[str, ...] = ()
    """The stick itself refuses to give them."""
    unfinished: tuple[str, ...] = ()
    """Numbers of other copies of which the folder is there: an update was begun or not tidied up."""

    @property
    def is_whole(self) -> bool:
        return self.manifest is not None and not (self.missing or self.altered or self.unreadable)


def verify(dest: Path, progress: Callable[[str], object] = lambda path: None) -> Verdict:
    """Reads every file of the copy in `dest` again. Raises `OSError` where `dest` itself can't be read."""
    others = tuple(sorted(numbers(dest)))
    try:
        manifest = read(dest / NAME)
    except NotAManifest:
        return Verdict(None, broken_list=True, unfinished=others)
    if manifest is None:
        return Verdict(None, unfinished=others)
    found: dict[str, list[str]] = {"missing": [], "altered": [], "unreadable": []}
    for path in sorted(manifest.hashes):
        progress(path)
        if fault := check(dest, path, manifest.hashes[path]):
            found[fault].append(path)
    lists = {name: tuple(paths) for name, paths in found.items()}
    return Verdict(manifest, unfinished=tuple(one for one in others if one != manifest.number), **lists)


def check(dest: Path, path: str, expected: str) -> str:
    """`missing`, `altered` or `unreadable`; empty for a file that is as it was."""
    try:
        return "" if digest(dest / path) == expected else "altered"
    except (FileNotFoundError, NotADirectoryError):
        return "missing"
    except IsADirectoryError:
        return "altered"
    except OSError:
        return "unreadable"


def numbers(dest: Path) -> Iterator[str]:
    """The copies whose folder of pages is in `dest`, whole or not."""
    try:
        entries = list(os.scandir(dest / FOLDER))
    except (FileNotFoundError, NotADirectoryError):
        return
    for entry in entries:
        if NUMBER.match(entry.name) and entry.is_dir(follow_symlinks=False):
            yield entry.name
