"""What a file of a product really is, whatever its name says, and whether it could do something when it is opened.

One function per sort of file; each looks at the content, with the reader that knows it best. What was found is kept
by content, so that a document is looked into once.
"""

from __future__ import annotations

import contextlib
import hashlib
import io
import json
import os
import stat
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from functools import cache, lru_cache
from importlib.metadata import version
from pathlib import Path
from typing import Any, NamedTuple

import PIL

from capitalise import drawings, kept, limits, machine, photos
from capitalise.attachments import films, office, pdf, tables
from capitalise.importing import guard
from capitalise.importing.guard import Refused

_RECIPE = kept.recipe(
    *sorted(Path(__file__).parent.glob("*.py")),
    *(module.__file__ for module in (drawings, guard, limits, photos)),
    using=f"{PIL.__version__} {version('pikepdf')} {version('lxml')}",
)


class Fault(NamedTuple):
    """Why a file can't be published: `problem.<code>.<variant>` in the texts, and what these name."""

    code: str
    variant: str
    values: Mapping[str, Any]


class Found(NamedTuple):
    """What is known of a file."""

    fault: Fault | None = None
    names_people: bool = False
    """Whether its properties name who wrote it."""


def look(path: Path) -> Found:
    """What is known of a file of an accepted type (`values.HANDOUT_TYPES`, `VIDEO_TYPES`) and of a bearable size."""
    told = path.stat()
    try:
        return _seen(path, told.st_mtime_ns, told.st_size)
    except TimeoutError:  # another day the computer may be less busy: this is not kept
        return Found(Fault("unsafe-file", "damaged", {"file": path.name}))


@cache
def ahead(folder: Path) -> None:
    """Looks into every file of a folder on all cores, once in the life of a process: a library of a thousand photos
    is then checked without waiting for one after the other."""
    every = [
        path
        for start, _, names in os.walk(folder)  # it follows no link
        for name in names
        if (path := Path(start, name)).suffix.lower() in _LOOKS
        and stat.S_ISREG((told := path.lstat()).st_mode)
        and told.st_size <= limits.MAX_ATTACHMENT_BYTES
    ]
    if len(every) < 2:
        return

    def quietly(path: Path) -> None:
        with contextlib.suppress(OSError):  # gone meanwhile, or not ours to read: who asks for it is told
            look(path)

    with ThreadPoolExecutor(machine.cores()) as pool:
        list(pool.map(quietly, every))


@lru_cache(maxsize=20_000)
def _seen(path: Path, *version: int) -> Found:
    data = path.read_bytes()
    if not data:
        return Found(Fault("unsafe-file", "empty", {"file": path.name}))
    suffix = path.suffix.lower()
    store = kept.near(Path.cwd())
    key = kept.key(_RECIPE, suffix, hashlib.sha256(data).digest())
    known = store.get(key)
    if known is None:
        found = _LOOKS[suffix](path, data)
        store.put(key, json.dumps(found).encode())
    else:
        fault, names_people = json.loads(known)
        found = Found(Fault(*fault) if fault else None, names_people)
    if found.fault is None:
        return found
    return found._replace(fault=found.fault._replace(values=found.fault.values | {"file": path.name}))


def _fault(variant: str, **values: Any) -> Found:
    return Found(Fault("unsafe-file", variant, values))


def _not_what_it_says(data: bytes, suffix: str) -> Found:
    """It is something else; of what that is, the suffix is told where it is known."""
    other = next((name for name, start in _STARTS if data.startswith(start)), "")
    variant = "other-content" if other and other != suffix else "content"
    return _fault(variant, suffix=suffix, other=other)


_STARTS = (
    (".jpg", b"\xff\xd8\xff"),
    (".png", b"\x89PNG\r\n"),
    (".gif", b"GIF8"),
    (".pdf", b"%PDF-"),
    (".docx, .xlsx, .odt, .zip…", b"PK\x03\x04"),
    (".doc, .xls, .ppt", b"\xd0\xcf\x11\xe0"),
    (".exe", b"MZ"),
    (".html", b"<!DOCTYPE html"),
    (".html", b"<html"),
)


def _photo(path: Path, data: bytes) -> Found:
    form = photos.FORMATS[path.suffix.lower()]
    try:
        head = photos.head(io.BytesIO(data))
        if head.form != form:
            suffix = next(suffix for suffix, name in photos.FORMATS.items() if name == head.form)
            return _fault("other-content", suffix=path.suffix.lower(), other=suffix)
        photos.picture(io.BytesIO(data))  # a file that was cut short shows it only at its end
    except photos.Unsafe as error:
        if error.reason == "content":
            return _not_what_it_says(data, path.suffix.lower())
        if error.reason == "pixels":
            most = limits.MAX_PHOTO_PIXELS // 1_000_000
            return _fault("pixels", size=error.found or f"> {most} × 10⁶", limit=most)
        return _fault("damaged")
    return Found(Fault("moving-picture", "", {}) if head.moves else None)


def _drawing(path: Path, data: bytes) -> Found:
    found = drawings.fault(path)
    return _fault("drawing", found=found) if found else Found()


def _pdf(path: Path, data: bytes) -> Found:
    if not data.startswith(b"%PDF-"):
        return _not_what_it_says(data, ".pdf")
    told = pdf.look(path)
    if told.found in ("damaged", "password"):
        return _fault(told.found)
    return _active(told)


def _office(path: Path, data: bytes) -> Found:
    suffix = path.suffix.lower()
    try:
        told = office.look(data, suffix)
    except office.Other:
        return _not_what_it_says(data, suffix)
    except Refused as refusal:
        return _fault(refusal.reason if refusal.reason in ("password", "damaged") else "bomb")
    return _active(told)


def _active(told: pdf.Told | office.Told) -> Found:
    """What a document could do, and whom it names."""
    return Found(_fault("active", found=told.found).fault if told.found else None, told.names_people)


def _table(path: Path, data: bytes) -> Found:
    found = tables.fault(data, formulas=path.suffix.lower() == ".csv")
    if found == "content":
        return _not_what_it_says(data, path.suffix.lower())
    return _fault("formula", found=found) if found else Found()


def _film(path: Path, data: bytes) -> Found:
    return Found() if films.form(data) == path.suffix.lower() else _not_what_it_says(data, path.suffix.lower())


_LOOKS: Mapping[str, Callable[[Path, bytes], Found]] = {
    **dict.fromkeys(photos.FORMATS, _photo),
    ".svg": _drawing,
    ".pdf": _pdf,
    **dict.fromkeys(office.TYPES, _office),
    **dict.fromkeys((".csv", ".txt"), _table),
    **dict.fromkeys((".mp4", ".webm"), _film),
}
