"""A Word or OpenDocument file is a zip made by somebody else: what may be read of it, and nothing more.

A converter unpacks whatever it is given: a file of 1 MB can take 5 GB of memory. So the sizes are measured while
unpacking (what the zip says of itself may be a lie), names that lead elsewhere are refused, and what the converter
gets later is made anew from the parts that we know.
"""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from capitalise import limits

WORD, OPENDOCUMENT = "docx", "odt"

_WANTED = {
    WORD: re.compile(r"\[Content_Types\]\.xml|_rels/\.rels|docProps/core\.xml|word/(?:_rels/)?[\w-]+\.xml(?:\.rels)?"),
    OPENDOCUMENT: re.compile(r"mimetype|(?:content|styles|meta)\.xml|META-INF/manifest\.xml"),
}
_PICTURES = {WORD: "word/media/", OPENDOCUMENT: "Pictures/"}
_LEFT_OUT = (
    ("macros", re.compile(r"(?i).*vbaProject\.bin|.*vbaData\.xml|Basic/.*|Scripts/.*")),
    ("charts", re.compile(r"word/charts/chart\d*\.xml")),
    ("diagrams", re.compile(r"word/diagrams/data\d*\.xml")),
    ("embedded", re.compile(r"word/(?:embeddings|activeX)/.+|Object[^/]*/content\.xml")),
)
"""What is not brought in, and is told of."""

_MANY = 3_000_000
"""Bytes from which a text that was packed very small is no text: of a short one it says nothing."""

_ENTRY = b"PK\x01\x02"
"""How an entry of a zip's list begins (APPNOTE 4.3.12); of a zip within, stored, they are counted too."""
_METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
"""What both formats pack with; another (LZMA) could ask for gigabytes before it unpacks a byte."""

_OLD = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
"""How an OLE compound file begins: Word until 2003, and any Word file with a password ([MS-CFB], [MS-OFFCRYPTO])."""

DAMAGED = (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, ValueError, OSError)
"""What is raised while a zip is read that isn't whole, or isn't one."""


class Refused(Exception):
    """The file can't be brought in; `reason` names its text (`import.refused.<reason>`), `values` what it names."""

    def __init__(self, reason: str, **values: Any) -> None:
        super().__init__(reason)
        self.reason, self.values = reason, values


@dataclass
class Package:
    """What may be read of a file."""

    form: str
    """`docx` or `odt`."""
    parts: dict[str, bytes]
    """The texts by name, unpacked."""
    pictures: dict[str, bytes]
    """The pictures by the name under which the converter knows them (`media/image1.png`)."""
    left_out: dict[str, int] = field(default_factory=dict)
    """What is not brought in (`macros`, `embedded`…) → how many."""

    def zipped(self) -> bytes:
        """The file made anew from its texts alone, for the converter; it names pictures and needs none."""
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as made:
            for name, data in self.parts.items():
                made.writestr(zipfile.ZipInfo(name), data)
            for name in self.pictures:  # the converter drops the mention of a picture that is not there
                made.writestr(zipfile.ZipInfo(f"word/{name}" if self.form == WORD else name), b"")
        return out.getvalue()


def opened(path: Path) -> Package:
    """The parts of a file that may be read.

    Raises `Refused`, and `OSError` where there is no such file.
    """
    if (size := path.stat().st_size) > limits.MAX_OFFICE_BYTES:
        raise Refused("too-large", size=size / 1e6, limit=limits.MAX_OFFICE_BYTES / 1e6)
    data = path.read_bytes()
    _must_be_zip(data)
    try:
        with archive_of(data) as archive:
            return _read(archive)
    except DAMAGED:
        raise Refused("damaged") from None


def archive_of(data: bytes) -> zipfile.ZipFile:
    """What is packed in a file. Raises `Refused`, and one of `DAMAGED`."""
    if data.count(_ENTRY) > limits.MAX_OFFICE_PARTS:  # before a million of them are read, at a kilobyte of memory each
        raise Refused("too-many-parts", limit=limits.MAX_OFFICE_PARTS)
    return zipfile.ZipFile(io.BytesIO(data))


def has_password(data: bytes) -> bool:
    """Whether a file is one of Office with a password, which is no zip."""
    return data.startswith(_OLD) and "EncryptedPackage".encode("utf-16-le") in data


def _must_be_zip(data: bytes) -> None:
    if data.startswith(b"PK"):
        return
    if data.startswith(_OLD):
        raise Refused("password" if has_password(data) else "old-word")
    if data.startswith(b"%PDF"):
        raise Refused("pdf")
    raise Refused("not-word")


def entries_of(archive: zipfile.ZipFile) -> list[zipfile.ZipInfo]:
    """What is packed in a file, where its names and what it says of its size are bearable. Raises `Refused`."""
    entries = archive.infolist()
    _check_names([entry.orig_filename for entry in entries])
    if any(entry.flag_bits & 0x1 for entry in entries):
        raise Refused("password")
    if any(entry.compress_type not in _METHODS for entry in entries):
        raise Refused("damaged")
    declared = sum(entry.file_size for entry in entries)
    if declared > limits.MAX_OFFICE_UNPACKED_BYTES:
        raise Refused("bomb", size=declared / 1e6, limit=limits.MAX_OFFICE_UNPACKED_BYTES / 1e6)
    return entries


def _read(archive: zipfile.ZipFile) -> Package:
    entries = entries_of(archive)
    package = Package(_form(archive), {}, {})
    folder = _PICTURES[package.form]
    for entry in entries:
        name = entry.filename
        if entry.is_dir():
            continue
        if _WANTED[package.form].fullmatch(name):
            package.parts[name] = unpacked(archive, entry, limits.MAX_OFFICE_XML_BYTES)
        elif name.startswith(folder):
            shown = name.removeprefix("word/")
            package.pictures[shown] = unpacked(archive, entry, limits.MAX_ATTACHMENT_BYTES)
        for what, pattern in _LEFT_OUT:
            if pattern.fullmatch(name):
                package.left_out[what] = package.left_out.get(what, 0) + 1
    if b"encryption-data" in package.parts.get("META-INF/manifest.xml", b""):
        raise Refused("password")
    return package


def _check_names(names: list[str]) -> None:
    """No name that leads out of a folder, and no two that are one on some computers."""
    seen = set()
    for name in names:
        if name.startswith(("/", "\\")) or re.search(r"(?:^|[/\\])\.\.(?:[/\\]|$)|[\x00-\x1f:\\]", name):
            raise Refused("unsafe-names", name=name)
        if name.casefold() in seen:
            raise Refused("unsafe-names", name=name)
        seen.add(name.casefold())


def _form(archive: zipfile.ZipFile) -> str:
    names = set(archive.namelist())
    if "mimetype" in names and "content.xml" in names:
        with archive.open("mimetype") as file:
            if file.read(100).strip() == b"application/vnd.oasis.opendocument.text":
                return OPENDOCUMENT
    texts = [name for name in names if re.fullmatch(r"word/document\d*\.xml", name)]
    if {"[Content_Types].xml", "_rels/.rels"} <= names and texts:
        return WORD
    raise Refused("not-word")


def unpacked(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, most: int) -> bytes:
    """A part of at most so many bytes, its size measured while it is unpacked. Raises `Refused`."""
    with archive.open(entry) as file:
        data = file.read(most + 1)
        if len(data) > most:
            raise Refused("bomb", size=entry.file_size / 1e6, limit=most / 1e6)
        file.read(1)  # at the end the checksum is compared
    ratio = len(data) // max(entry.compress_size, 1)
    if (
        len(data) > _MANY
        and ratio > limits.MAX_OFFICE_RATIO
        and not entry.filename.startswith(tuple(_PICTURES.values()))
    ):
        raise Refused("ratio", ratio=ratio)
    return data
