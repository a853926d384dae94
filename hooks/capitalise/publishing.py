"""A site is built beside the published one and takes its place when it is whole; until then nobody sees it.

    site/                    what is published
    .site.new-x7k2m1qa/      one build; in `site/` itself where that folder can't be renamed
        lock                 held as long as the build lives: a killed one's folder is known by it, and removed
        new/                 the site that is being built
        old/                 the former one, for a moment, where two folders can't be exchanged (exchange.py)
        work/                what the build writes for itself

Two builds at once do not meet: each has its own folder, and the last to end is the one that is published.
"""

from __future__ import annotations

import errno
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from filelock import FileLock, Timeout

from capitalise import exchange

FULL = {errno.ENOSPC, errno.EFBIG, getattr(errno, "EDQUOT", errno.ENOSPC)}
"""What a system says where there is no room: on the disk, for one file, for one person."""
_FORBIDDEN = {errno.EACCES, errno.EPERM, errno.EROFS}
_NEARLY_FULL = 1_000_000
"""Bytes: with less room left, what failed failed for want of it; programs that we call say so in their own words."""
_OF_A_SITE = ("index.html", "404.html", "assets")
"""A folder with none of these is no site: it is not ours to empty."""


class Refused(Exception):
    """Nothing can be published there, and nothing was touched; `key` and `values` of the text that says why."""

    def __init__(self, key: str, **values: str) -> None:
        super().__init__(key, values)
        self.key, self.values = key, values


class Build:
    """One build of a site, from its first file until it is published or given up."""

    def __init__(self, site: Path, in_place: bool = False) -> None:
        """`site` is the published folder, or a link to it; with `in_place` it stays the same folder, with other files.

        Removes what killed builds left. Raises `Refused`, `OSError`.
        """
        self.site = Path(os.path.realpath(site))
        _tidy(self.site)
        if os.path.lexists(self.site):
            _check(self.site)
        self._lasting = in_place or os.path.ismount(self.site)
        if not self._lasting:
            try:
                self.site.parent.mkdir(parents=True, exist_ok=True)
                self._place, self._lock = _start(self.site.parent, self.site)
            except OSError:  # a parent that is not ours: /var/www
                if not self.site.is_dir():
                    raise
                self._lasting = True
        if self._lasting:
            self.site.mkdir(parents=True, exist_ok=True)
            self._place, self._lock = _start(self.site, self.site)
        self.folder = self._place / "new"
        """Where to write the site."""
        self.work = self._place / "work"
        """Where to write what is not published."""
        self.work.mkdir()
        self.folder.mkdir()
        if self.site.is_dir():
            exchange.resemble(self.folder, self.site)

    def publish(self) -> bool:
        """Puts the site in its place. Says whether it came there at one moment. Raises `OSError`: see exchange.py."""
        at_once = self._publish()
        self.close()
        return at_once

    def _publish(self) -> bool:
        if self._lasting:
            return self._file_by_file()
        if self.site.is_dir():
            exchange.carry(self.site, self.folder, _prefix(self.site))
        with suppress(OSError):
            os.rename(self.folder, self.site)  # there is no site yet, or an empty folder
            return True
        if exchange.at_once(self.folder, self.site):
            return True
        with _turn(self.site.parent, self.site):
            with suppress(OSError):
                exchange.one_after_the_other(self.folder, self.site, self._place / "old")
                return False
        return self._file_by_file()

    def _file_by_file(self) -> bool:
        with _turn(self.site, self.site):
            if self._place.parent == self.site:
                exchange.file_by_file(self.folder, self.site)
                return False
            place, lock = _start(self.site, self.site)  # on the same disk: what has no room fails here
            try:
                shutil.copytree(self.folder, place / "new", symlinks=True)
                exchange.file_by_file(place / "new", self.site)
            finally:
                _remove(place, lock)
        return False

    def close(self) -> None:
        """Removes what the build wrote and did not publish. May be called again."""
        _remove(self._place, self._lock)

    def reason(self, error: BaseException) -> tuple[str, dict[str, str | int]] | None:
        """The text, and its values, that says why a build failed; None where its folders have nothing to do with it."""
        return reason(error, self.site, self._place)


def reason(error: BaseException, site: Path, place: Path | None = None) -> tuple[str, dict[str, str | int]] | None:
    """The same before a build has its folder."""
    site = Path(os.path.realpath(site))
    number = error.errno if isinstance(error, OSError) else None
    said = (error.strerror if isinstance(error, OSError) else None) or str(error)
    near = next((one for one in (place, site, *site.parents) if one and one.exists()), site)
    free = shutil.disk_usage(near).free
    if number in FULL or free < _NEARLY_FULL:
        return "whole.full", {"path": str(site), "free": free, "needed": _weight(site), "reason": said}
    if number in _FORBIDDEN:
        path = Path(os.path.abspath(os.fsdecode(error.filename or site)))  # type: ignore[union-attr]
        if path in (site, *site.parents) or path.is_relative_to(site) or (place and path.is_relative_to(place)):
            return "whole.forbidden", {"path": str(site), "reason": said}
    return None


def _check(site: Path) -> None:
    if not site.is_dir():
        raise Refused("whole.no-folder", path=str(site))
    if not os.access(site, os.W_OK | os.X_OK):
        raise Refused("whole.forbidden", path=str(site), reason=os.strerror(errno.EACCES))
    found = sorted(name for name in os.listdir(site) if not name.startswith("."))
    if found and not any((site / name).exists() for name in _OF_A_SITE):
        raise Refused("whole.no-site", path=str(site), files=", ".join(found[:3]) + (", …" if found[3:] else ""))


def _weight(site: Path) -> int:
    """Bytes of the published site: what the next one will take, or near it. 0 where there is none."""
    total = 0
    for base, _, names in os.walk(site):
        for name in names:
            with suppress(OSError):
                total += os.lstat(os.path.join(base, name)).st_size
    return total


# ---------------------------------------------------------------------------- folders of builds


def _prefix(site: Path) -> str:
    return f".{site.name}.new-"


@contextmanager
def _turn(folder: Path, site: Path) -> Iterator[None]:
    """One build at a time, where publishing takes more than one step; leaves no file behind."""
    path = folder / f".{site.name}.lock"
    while True:
        handles: list[int] = []
        with FileLock(path, on_acquired=handles.append):
            with suppress(FileNotFoundError):
                if os.path.samestat(os.fstat(handles[0]), os.stat(path)):  # else the one before us removed it meanwhile
                    try:
                        yield
                    finally:
                        with suppress(OSError):  # Windows: open, and removed as it is closed
                            path.unlink()
                    return


def _start(parent: Path, site: Path) -> tuple[Path, FileLock]:
    """A folder for a build, and its lock. Raises `OSError`."""
    while True:
        place = Path(tempfile.mkdtemp(prefix=_prefix(site), dir=parent))
        lock = FileLock(place / "lock")
        with suppress(Timeout, FileNotFoundError):  # another build took it for a killed one's, in that instant
            lock.acquire(timeout=0)
            return place, lock


def _tidy(site: Path) -> None:
    """Removes what killed builds left; puts a site back that one of them was about to replace."""
    for place in (*_left(site.parent, site), *_left(site, site)):
        lock = FileLock(place / "lock")
        try:
            lock.acquire(timeout=0)
        except (Timeout, OSError):  # it lives, or another build is tidying
            continue
        if not os.path.lexists(site):
            with suppress(OSError):
                os.rename(place / "old", site)
        _remove(place, lock)


def _left(parent: Path, site: Path) -> Iterator[Path]:
    with suppress(OSError):
        for name in sorted(os.listdir(parent)):
            if name.startswith(_prefix(site)) and os.path.lexists(parent / name / "lock"):
                yield parent / name


def _remove(place: Path, lock: FileLock) -> None:
    for name in ("new", "old", "work"):
        shutil.rmtree(place / name, ignore_errors=True)
    lock.release()
    with suppress(OSError):
        (place / "lock").unlink(missing_ok=True)
        place.rmdir()
