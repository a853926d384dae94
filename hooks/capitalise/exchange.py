"""How a folder takes the place of another: at one moment where the system can, otherwise with as little harm as it can.

- `at_once`: both change names in one step. Linux: renameat2(2), RENAME_EXCHANGE, on ext4, XFS, Btrfs, tmpfs and more;
  macOS: renamex_np(2), RENAME_SWAP, on APFS. Whoever opens a page gets the old folder's or the new one's.
- `one_after_the_other`: two renames, anywhere. Between them the folder is not there: for some microseconds, or until
  the next build where the program is killed just then.
- `file_by_file`: for a folder that can't be renamed (a mounted volume, a parent that may not be written). Each file is
  the old one or the new one, whole, and no page leads to a file that is not there; killed half way, some pages are old.
"""

from __future__ import annotations

import ctypes
import filecmp
import os
import shutil
import sys
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

_LINUX_HERE, _LINUX_EXCHANGE = -100, 2  # AT_FDCWD, RENAME_EXCHANGE: linux/fcntl.h, linux/fs.h
_MACOS_SWAP = 2  # RENAME_SWAP: sys/stdio.h


def at_once(one: Path, other: Path) -> bool:
    """Exchanges two folders. False where the system or the disk can't: then nothing has changed."""
    names = os.fsencode(one), os.fsencode(other)
    with suppress(AttributeError, OSError):  # a C library without the call
        library = ctypes.CDLL(None)
        if sys.platform == "linux":
            return library.renameat2(_LINUX_HERE, names[0], _LINUX_HERE, names[1], _LINUX_EXCHANGE) == 0
        if sys.platform == "darwin":
            return library.renamex_np(*names, _MACOS_SWAP) == 0
    return False


def one_after_the_other(new: Path, place: Path, old: Path) -> None:
    """Renames `place` to `old` and `new` to `place`. Raises `OSError`, all being as before."""
    os.rename(place, old)
    try:
        os.rename(new, place)
    except BaseException:
        with suppress(OSError):
            os.rename(old, place)
        raise


def file_by_file(new: Path, place: Path) -> None:
    """Moves the files of `new` into `place`, a folder of the same disk, and removes there what `new` has not.

    At the top, what begins with a dot is not removed. Raises `OSError`; what was done by then stays.
    """
    wanted = sorted(_files(new))
    # What others lead to comes first: new files, pages that show them, then what lists and shows these pages.
    for name in sorted(wanted, key=lambda name: (os.path.lexists(place / name), _is_page(name))):
        _put(new / name, place / name, place)
    gone = set(_files(place)).difference(wanted)
    for name in sorted((name for name in gone if not name.startswith(".")), key=lambda name: not _is_page(name)):
        (place / name).unlink()
    for folder, _, _ in os.walk(place, topdown=False):
        if not Path(folder).relative_to(place).as_posix().startswith("."):
            with suppress(OSError):  # it holds something
                os.rmdir(folder)


def carry(old: Path, new: Path, skip: str) -> None:
    """What begins with a dot at the top of `old` is in `new` too, unless `new` has its own.

    Not what begins with `skip`. Nothing leaves `old`; files are one and the same where the disk can link them. Raises
    `OSError`.
    """
    for entry in os.scandir(old):
        if entry.name.startswith(".") and not entry.name.startswith(skip) and not os.path.lexists(new / entry.name):
            _copy(Path(entry.path), new / entry.name)


def resemble(folder: Path, other: Path) -> None:
    """Gives a folder the rights of another; its owner, group and access lists as far as the system allows it."""
    if hasattr(os, "chown"):
        known = other.stat()
        for owner, group in ((known.st_uid, -1), (-1, known.st_gid)):
            with suppress(OSError):  # only root gives away, and only to one's own groups
                os.chown(folder, owner, group)
    shutil.copystat(other, folder)


def _files(folder: Path) -> Iterator[str]:
    """All that is no folder, links to folders too."""
    for base, folders, names in os.walk(folder):
        links = [name for name in folders if os.path.islink(os.path.join(base, name))]
        for name in (*names, *links):
            yield Path(base, name).relative_to(folder).as_posix()


def _is_page(name: str) -> bool:
    return name.endswith(".html")


def _put(source: Path, target: Path, root: Path) -> None:
    for parent in reversed(target.relative_to(root).parents[:-1]):
        if (root / parent).is_symlink() or (root / parent).is_file():  # never writes through a link
            (root / parent).unlink()
    target.parent.mkdir(parents=True, exist_ok=True)
    if target.is_dir() and not target.is_symlink():
        shutil.rmtree(target)
    elif target.is_file() and not target.is_symlink() and filecmp.cmp(source, target, shallow=False):
        return  # a reader's browser keeps what did not change
    os.replace(source, target)


def _copy(source: Path, target: Path) -> None:
    if source.is_dir() and not source.is_symlink():
        target.mkdir()
        for entry in os.scandir(source):
            _copy(Path(entry.path), target / entry.name)
        resemble(target, source)
        return
    try:
        os.link(source, target, follow_symlinks=False)
    except (OSError, NotImplementedError):
        shutil.copy2(source, target, follow_symlinks=False)
