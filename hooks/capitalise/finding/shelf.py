"""Folders that were made once and are given again: each under a name that tells all that it depends on.

What is kept is a copy, and so is what is given: a site's folder may be edited by hand. Each file's hash is kept with it
and looked at when it is given. The whole may be deleted at any time, and any number of builds may use it at once: a
folder comes in by a change of name, and whoever finds one gone, half gone or changed makes it anew.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import tempfile
import time
from pathlib import Path
from typing import Any

KEPT = 8
"""Folders kept, the last ones used: two languages, packed and not, of two states of a library."""

_MANIFEST = "manifest.json"
_FILES = "files"
_NEW = "new-"
_ABANDONED = 24 * 3600
"""Seconds after which what a stopped build left half-written is removed."""


class Shelf:
    """Kept folders, by name."""

    def __init__(self, folder: Path, kept: int = KEPT) -> None:
        self.folder, self._kept = folder, kept

    def give(self, key: str, out: Path) -> dict[str, Any] | None:
        """Copies a kept folder to `out`, which is not there yet, and says what was said of it.

        None where there is none, or where it is not what was put there: `out` may then hold a part of it.
        """
        place = self.folder / key
        try:
            manifest = _read(place / _MANIFEST)
            out.mkdir(parents=True)
            for name, digest in manifest["files"].items():
                content = (place / _FILES / name).read_bytes()
                if hashlib.sha256(content).hexdigest() != digest:
                    raise ValueError(name)
                path = out / name
                if not path.parent.is_dir():
                    path.parent.mkdir(parents=True)
                path.write_bytes(content)
            os.utime(place / _MANIFEST)  # the last ones used stay
        except FileNotFoundError:
            return None
        except (OSError, ValueError, KeyError, TypeError, AttributeError):
            shutil.rmtree(place, ignore_errors=True)
            return None
        return manifest["about"]

    def keep(self, key: str, folder: Path, about: dict[str, Any]) -> None:
        """Keeps a copy of a folder, and what is to be said of it. Where that can't be written, there is none."""
        new = None
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            new = Path(tempfile.mkdtemp(prefix=_NEW, dir=self.folder))
            shutil.copytree(folder, new / _FILES, copy_function=shutil.copyfile)
            files = {
                path.relative_to(new / _FILES).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
                for path in sorted((new / _FILES).rglob("*"))
                if path.is_file()
            }
            _write(new / _MANIFEST, {"files": files, "about": about})
            shutil.rmtree(self.folder / key, ignore_errors=True)
            os.rename(new, self.folder / key)
        except OSError:  # another build kept the same at once, or the disk is full: the next one makes it again
            pass
        finally:
            if new is not None:
                shutil.rmtree(new, ignore_errors=True)
        self._forget()

    def _forget(self) -> None:
        """Removes what was not used for long, and what was left half-written."""
        used: list[tuple[float, Path]] = []
        try:
            for place in self.folder.iterdir():
                new = place.name.startswith(_NEW)
                try:
                    since = (place if new else place / _MANIFEST).stat().st_mtime
                except OSError:
                    since = 0.0
                if not new:
                    used.append((since, place))
                elif since < time.time() - _ABANDONED:
                    shutil.rmtree(place, ignore_errors=True)
        except OSError:
            return
        for _, place in sorted(used, reverse=True)[self._kept :]:
            shutil.rmtree(place, ignore_errors=True)


def _write(path: Path, manifest: dict[str, Any]) -> None:
    text = json.dumps(manifest, ensure_ascii=False, separators=(",", ":"))
    path.write_text(f"{hashlib.sha256(text.encode()).hexdigest()}\n{text}", "utf-8", newline="")


def _read(path: Path) -> dict[str, Any]:
    """Raises `ValueError` where it is not what was written."""
    digest, _, text = path.read_bytes().decode().partition("\n")
    if hashlib.sha256(text.encode()).hexdigest() != digest:
        raise ValueError(path.name)
    return json.loads(text)
