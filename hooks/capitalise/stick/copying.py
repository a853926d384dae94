"""Puts a copy into a folder so that at each moment what a reader can open there is whole: the old copy or the new one.

The new copy is written beside the old one: its pages in a folder of their own, and of the photos and documents those
that are not there yet; each page says of which day it is, so the pages of two copies differ anyway. Then the starts at
the root are replaced, one by one, each by one rename, the manifest last; then what only the old copy used is deleted.

What this relies on. Of a process that is killed: that the system finishes a rename it has begun. Of a stick that is
pulled out: FAT keeps no journal, and Windows does not promise that a rename over a file is done whole or not at all.
So all that a start leads to is on the stick before it is renamed (`_settle`), one start is replaced at a time, and the
old pages stay until all are: if one start was lost, another one opens a whole copy, and the next run mends the rest.

Nothing is deleted or replaced but what a manifest of ours lists.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from capitalise.stick import manifest, names, start_files
from capitalise.stick.contents import Contents, Source, size
from capitalise.stick.manifest import FILES, FOLDER, NotAManifest

_LOCK = f"{FOLDER}/.lock"
_BESIDE = f"{FOLDER}/.new"
"""A file that will replace another, while it is written; there is one at a time."""
_CHUNK = 1 << 20


class Occupied(Exception):
    """A person's own file or folder stands where one of the copy must be."""

    def __init__(self, path: str) -> None:
        super().__init__(path)
        self.path = path


class Busy(Exception):
    """Another copy is being written to the same folder."""


class NoRoom(Exception):
    """The copy would not fit; nothing was written."""

    def __init__(self, needed: int, free: int) -> None:
        super().__init__(needed, free)
        self.needed, self.free = needed, free


@dataclass(frozen=True)
class Report:
    """What was done."""

    written: int
    """Files."""
    written_bytes: int
    kept: int
    """Files that were there already."""
    deleted: int

    @property
    def changed(self) -> bool:
        return bool(self.written or self.deleted)


def copy(made: Contents, dest: Path, progress: Callable[[int, int], object] = lambda done, total: None) -> Report:
    """Writes the copy into `dest`, which is made where it is missing, its parent is not.

    `progress` is told the bytes written and those to write. Raises `Occupied`, `Busy`, `NoRoom`, and `OSError` for what
    the system refuses; until the starts are replaced, a copy that was in `dest` is as it was.
    """
    dest.mkdir(exist_ok=True)
    _refuse_occupied(made, dest)
    with _locked(dest):
        return _Run(made, dest, progress).run()


class _Run:
    def __init__(self, made: Contents, dest: Path, progress: Callable[[int, int], object]) -> None:
        self.made, self.dest, self.progress = made, dest, progress
        self.inner = f"{FOLDER}/{made.manifest.number}/{manifest.NAME}"
        self.fresh: list[str] = []  # what this run wrote where nothing was
        self.written = self.done = self.total = self.deleted = 0

    def run(self) -> Report:
        wanted = self.made.manifest
        text = wanted.text.encode()
        lacking = [path for path in sorted(wanted.hashes) if manifest.check(self.dest, path, wanted.hashes[path])]
        inside = [path for path in lacking if path.startswith(f"{FOLDER}/")]
        starts = [path for path in lacking if not path.startswith(f"{FOLDER}/")]
        lists = [path for path in (self.inner, manifest.NAME) if _bytes(self.dest / path) != text]
        self._refuse_without_room([*lacking, *lists])
        self.total = sum(size(self.made.sources[path]) for path in lacking) + len(lists) * len(text)
        try:
            if self.inner in lists:
                self._write(self.inner, text)  # first: so that even a copy cut short tells which files are its own
            for path in inside:
                self._write(path, self.made.sources[path])
            _settle(self.dest, [*(path for path in lists if path == self.inner), *inside])
        except OSError:
            self._give_up()
            raise
        for path in starts:
            self._replace(path, self.made.sources[path])
        if manifest.NAME in lists:
            self._replace(manifest.NAME, text)
        self._tidy()
        return Report(self.written, self.done, len(wanted.hashes) - len(lacking), self.deleted)

    def _refuse_without_room(self, lacking: Iterable[str]) -> None:
        sizes = self.made.sizes
        needed = names.on_stick(((path, sizes[path]) for path in lacking), _cluster(self.dest))
        free = shutil.disk_usage(self.dest).free
        if needed > free:
            raise NoRoom(needed, free)

    def _write(self, path: str, source: Source) -> None:
        """A file where nobody looks yet is written there; one that a start may lead to, beside it and renamed."""
        target = self.dest / path
        target.parent.mkdir(parents=True, exist_ok=True)
        there = target.exists()
        if not there:
            self.fresh.append(path)
        if there or path == self.inner:
            self._fill(self.dest / _BESIDE, source)
            os.replace(self.dest / _BESIDE, target)
        else:
            self._fill(target, source)
        self.written += 1

    def _replace(self, path: str, source: Source) -> None:
        """A start or the manifest: on the stick before it takes its place, and in its place before the next one."""
        self._fill(self.dest / _BESIDE, source)
        _settle(self.dest, [_BESIDE])
        os.replace(self.dest / _BESIDE, self.dest / path)
        _settle(self.dest, [path])
        self.written += 1

    def _fill(self, path: Path, source: Source) -> None:
        with path.open("wb") as file:
            for piece in _pieces(source):
                file.write(piece)
                self.done += len(piece)
                self.progress(self.done, self.total)

    def _give_up(self) -> None:
        """Gives back the room of a copy that could not be written, its list last: an older copy is as it was."""
        for path in [*reversed(self.fresh), _BESIDE]:
            with suppress(OSError):
                (self.dest / path).unlink(missing_ok=True)
        _rmdirs(self.dest, self.fresh)

    def _tidy(self) -> None:
        """Deletes what only other copies used: the files that their own lists name, and no others."""
        wanted = self.made.manifest
        for number in sorted(manifest.numbers(self.dest)):
            folder = self.dest / FOLDER / number
            found = None
            with suppress(NotAManifest):
                found = manifest.read(folder / manifest.NAME)
            if number == wanted.number or found is None or found.number != number:
                continue
            gone = [path for path in found.starts if path not in wanted.hashes and _is_ours(self.dest / path)]
            gone += [path for path in found.files if path not in wanted.hashes]
            for path in (*gone, *found.pages, f"{FOLDER}/{number}/{manifest.NAME}"):
                self._delete(path)
            _rmdirs(self.dest, found.pages)
        (self.dest / _BESIDE).unlink(missing_ok=True)

    def _delete(self, path: str) -> None:
        with suppress(FileNotFoundError, NotADirectoryError):
            (self.dest / path).unlink()
            self.deleted += 1


def _refuse_occupied(made: Contents, dest: Path) -> None:
    """Raises `Occupied` before anything is written, where a file of the copy would replace one that is not ours."""
    for folder in (FOLDER, FILES, f"{FOLDER}/{made.manifest.number}"):
        path = dest / folder
        if path.is_symlink() or (path.exists() and not path.is_dir()):
            raise Occupied(folder)
    for name in (*made.manifest.starts, manifest.NAME):
        path = dest / name
        if not path.exists() and not path.is_symlink():
            continue
        if path.is_symlink() or not path.is_file() or not _is_ours(path):
            raise Occupied(name)


def _is_ours(path: Path) -> bool:
    """Whether a file at the root was written by us, be it cut or altered since; an empty one is nobody's loss."""
    text = _bytes(path) or b""
    if path.name == manifest.NAME:
        return not text or bool(manifest.TRACE.search(text))
    return not text or start_files.MARK.encode() in text


@contextmanager
def _locked(dest: Path) -> Iterator[None]:
    """Nobody else writes a copy there meanwhile; the system gives the lock back when the process ends in any way."""
    path = dest / _LOCK
    path.parent.mkdir(exist_ok=True)
    with path.open("ab") as file:
        try:
            if os.name == "nt":
                import msvcrt

                file.seek(0)
                msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
            else:
                import fcntl

                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except (BlockingIOError, PermissionError) as error:
            raise Busy(str(dest)) from error
        yield


def _pieces(source: Source) -> Iterator[bytes]:
    if isinstance(source, bytes):
        yield source
        return
    with source.open("rb") as file:
        while piece := file.read(_CHUNK):
            yield piece


def _bytes(path: Path) -> bytes | None:
    try:
        return path.read_bytes()
    except OSError:
        return None


def _cluster(dest: Path) -> int:
    """The least that a file takes there, in bytes."""
    return os.statvfs(dest).f_frsize if hasattr(os, "statvfs") else names.CLUSTER


def _flush(path: Path) -> None:
    with path.open("r+b") as file:
        os.fsync(file.fileno())


def _settle(dest: Path, paths: Iterable[str]) -> None:
    """Returns when the files are on the stick and not only on their way to it."""
    if hasattr(os, "sync"):
        os.sync()
        return
    for path in paths:
        _flush(dest / path)


def _rmdirs(dest: Path, paths: Iterable[str]) -> None:
    """Removes the folders in which these files were, where they are empty: one that holds a person's file stays."""
    parents = {parent for path in paths for parent in Path(path).parents if len(parent.parts) >= 2}
    for parent in sorted(parents, key=lambda parent: -len(parent.parts)):
        with suppress(OSError):
            (dest / parent).rmdir()
