"""The copies that the site offers for download: what each is, as the command that made them wrote it down."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path

from capitalise import whole

NAME = "downloads.json"
LABEL = "label.pdf"
"""The sheet of stickers, beside the copies."""
FOLDER = "downloads"
"""Of the site: the page and the files that it offers."""


@dataclass(frozen=True)
class Download:
    """One file to download."""

    file: str
    """Its name."""
    languages: tuple[str, ...]
    only: tuple[str, ...]
    """What was chosen: `theme=water`; everything where it is empty."""
    documents: bool
    """Whether it holds the documents to download, too."""
    products: int
    size: int
    """Bytes of the file."""
    stick: int
    """Bytes that it takes on a stick, unpacked."""
    sha256: str
    built: date
    number: str
    """Of the copy."""
    since: str = ""
    """Of an update: the number of the copy with which it begins."""


def write(folder: Path, downloads: Iterable[Download]) -> None:
    """Writes down what a folder offers, whole or not at all."""
    rows = [asdict(one) | {"built": one.built.isoformat()} for one in downloads]
    whole.write(folder / NAME, json.dumps(rows, ensure_ascii=False, indent=1, sort_keys=True) + "\n")


def read(folder: Path) -> tuple[Download, ...]:
    """What a folder offers. Raises `OSError` where it tells nothing, or a file that it tells of is not there."""
    found = []
    for row in json.loads((folder / NAME).read_text("utf-8")):
        row |= {name: tuple(row[name]) for name in ("languages", "only")} | {"built": date.fromisoformat(row["built"])}
        one = Download(**row)
        if Path(one.file).name != one.file or (folder / one.file).stat().st_size != one.size:
            raise FileNotFoundError(one.file)
        found.append(one)
    return tuple(found)
