"""A copy as one zip: the same bytes for the same copy, wherever and whenever it is made by the same Python."""

from __future__ import annotations

import os
import zipfile
from pathlib import Path

from capitalise.stick import manifest, start_files
from capitalise.stick.contents import Contents, content

_PACKED = {".jpg", ".jpeg", ".png", ".webp", ".pdf", ".docx", ".xlsx", ".pptx", ".odt", ".ods", ".odp", ".mp4", ".webm"}
"""Compressed already: once more would cost time and spare nothing."""
_UNIX = 3


def write(made: Contents, target: Path) -> int:
    """Writes the zip, whole or not at all, and says how many bytes it has. Raises `OSError`."""
    day = made.about.built
    beside = target.with_name(f".{target.name}.new")
    text = made.manifest.text.encode()
    inner = f"{manifest.FOLDER}/{made.manifest.number}/{manifest.NAME}"
    sources = {**made.sources, inner: text, manifest.NAME: text}
    try:
        with zipfile.ZipFile(beside, "w") as archive:
            for path in sorted(sources):
                entry = zipfile.ZipInfo(path, (day.year, day.month, day.day, 0, 0, 0))
                entry.create_system = _UNIX
                entry.external_attr = (0o755 if path == start_files.SHELL else 0o644) << 16
                packed = Path(path).suffix in _PACKED
                method = zipfile.ZIP_STORED if packed else zipfile.ZIP_DEFLATED
                archive.writestr(entry, content(sources[path]), method, None if packed else 9)
        os.replace(beside, target)
    except BaseException:
        beside.unlink(missing_ok=True)
        raise
    return target.stat().st_size
