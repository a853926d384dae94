"""Files and folders that are there whole or not at all, whatever stops the program while it writes."""

from __future__ import annotations

import errno
import os
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path


def write(path: Path, content: str | bytes) -> None:
    """Writes a file, and the folders that it needs; a text is in UTF-8 and keeps its line ends. Raises `OSError`."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with beside(path) as new:
        new.write_bytes(content.encode() if isinstance(content, str) else content)


def folder(path: Path, files: Mapping[str, bytes]) -> None:
    """Makes a folder that holds these files, in one that is there.

    Raises `FileExistsError` where there is such a folder already, and `OSError`: nothing is left then.
    """
    new = Path(tempfile.mkdtemp(prefix=".new-", dir=path.parent))  # a dot: no reader of ours looks at it
    try:
        os.chmod(new, 0o755)  # mkdtemp's folder is its owner's alone
        for name, content in files.items():
            (new / name).write_bytes(content)
        if path.exists():
            raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST), str(path))
        os.rename(new, path)
    finally:
        shutil.rmtree(new, ignore_errors=True)


@contextmanager
def beside(path: Path) -> Iterator[Path]:
    """The name under which to write a file that will then take the place of `path`, unless something goes wrong.

    Who may read and write it stays as it was.
    """
    new = path.with_name(f".{path.name}.{os.getpid()}.new")  # a dot: no reader of ours looks at it
    try:
        yield new
        with suppress(OSError):  # there is none to replace
            shutil.copymode(path, new)
        os.replace(new, path)
    finally:
        new.unlink(missing_ok=True)
