"""A copy as one zip: the same bytes for the same copy, wherever and whenever it is made by the same Python."""

from __future__ import annotations

import zipfile
from datetime import date
from pathlib import Path

from capitalise import whole
from capitalise.stick import manifest, start_files
from capitalise.stick.contents import Contents, content

_PACKED = {".jpg", ".jpeg", ".png", ".webp", ".pdf", ".docx", ".xlsx", ".pptx", ".odt", ".ods", ".odp", ".mp4", ".webm"}
"""Compressed already: once more would cost time and spare nothing."""
_UNIX = 3


def write(made: Contents, target: Path) -> int:
    """Writes the zip, whole or not at all, and says how many bytes it has. Raises `OSError`."""
    text = made.manifest.text.encode()
    inner = f"{manifest.FOLDER}/{made.manifest.number}/{manifest.NAME}"
    sources = {**made.sources, inner: text, manifest.NAME: text}
    with whole.beside(target) as new, zipfile.ZipFile(new, "w") as archive:
        for path in sorted(sources):
            runs = path == start_files.SHELL
            put(archive, path, content(sources[path]), made.about.built, Path(path).suffix in _PACKED, runs)
    return target.stat().st_size


def put(archive: zipfile.ZipFile, name: str, data: bytes, day: date, packed: bool = False, runs: bool = False) -> None:
    """Adds a file: of the day of the copy, not compressed once more where it is `packed`, to be run where it `runs`."""
    entry = zipfile.ZipInfo(name, (day.year, day.month, day.day, 0, 0, 0))
    entry.create_system = _UNIX
    entry.external_attr = (0o755 if runs else 0o644) << 16
    archive.writestr(entry, data, zipfile.ZIP_STORED if packed else zipfile.ZIP_DEFLATED, None if packed else 9)
