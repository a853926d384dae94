"""An exFAT image filled with a folder and read back, without a kernel that knows exFAT and without mounting.

After Microsoft's "exFAT file system specification" (2019). `fsck.exfat` judges what this writes; what is read back is
read from the same structures. Files are contiguous (the flag NoFatChain), as on a stick that was empty.
"""

from __future__ import annotations

import os
import struct
import unicodedata
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

BITMAP, UPCASE, FILE, STREAM, NAME = 0x81, 0x82, 0x85, 0xC0, 0xC1
DIRECTORY = 0x10
WHEN = datetime(2026, 11, 20)


class Image:
    """An image that `mkfs.exfat` made."""

    def __init__(self, path: Path) -> None:
        self.file = path.open("r+b")
        boot = self.file.read(512)
        assert boot[3:11] == b"EXFAT   "
        self.heap, self.count, self.root = struct.unpack_from("<III", boot, 88)
        self.sector = 1 << boot[108]
        self.cluster = self.sector << boot[109]
        entries = self._read(self.root, self.cluster)
        self.root_used = next(at for at in range(0, self.cluster, 32) if not entries[at])
        for at in range(0, self.root_used, 32):
            where = struct.unpack_from("<IQ", entries, at + 20)
            if entries[at] == BITMAP:
                self.bitmap, self.bits = where[0], bytearray(self._read(*where))
            elif entries[at] == UPCASE:
                self.upcase = _upcase(self._read(*where))
        used = range(self.count)
        self.next = 2 + next(n for n in used if not self.bits[n // 8] >> n % 8 & 1)

    def _at(self, cluster: int) -> int:
        return self.heap * self.sector + (cluster - 2) * self.cluster

    def _read(self, cluster: int, size: int) -> bytes:
        self.file.seek(self._at(cluster))
        return self.file.read(size)

    def _write(self, content: bytes) -> int:
        """Puts bytes into new clusters, one after the other; gives the first one, 0 for none."""
        if not content:
            return 0
        first, number = self.next, -(-len(content) // self.cluster)
        assert first - 2 + number <= self.count, "the volume is full"
        for n in range(first - 2, first - 2 + number):
            self.bits[n // 8] |= 1 << n % 8
        self.next += number
        self.file.seek(self._at(first))
        self.file.write(content)
        return first

    def fill(self, folder: Path) -> None:
        """Copies what is in a folder to the root of the image, which is empty."""
        entries = self._entries(folder)
        assert self.root_used + len(entries) <= self.cluster, "the root would take a second cluster"
        self.file.seek(self._at(self.root) + self.root_used)
        self.file.write(entries)
        self.file.seek(self._at(self.bitmap))
        self.file.write(self.bits)
        self.file.flush()

    def _entries(self, folder: Path) -> bytes:
        found = b""
        for path in sorted(folder.iterdir()):
            if path.is_dir():
                content = self._entries(path)
                content = content.ljust(-(-max(len(content), 1) // self.cluster) * self.cluster, b"\0")
            else:
                content = path.read_bytes()
            found += self._entry(path.name, path.is_dir(), self._write(content), len(content))
        return found

    def _entry(self, name: str, is_folder: bool, cluster: int, size: int) -> bytes:
        units = [unit[0] for unit in struct.iter_unpack("<H", unicodedata.normalize("NFC", name).encode("utf-16-le"))]
        name_hash = 0
        for unit in units:
            for byte in divmod(self.upcase[unit], 256)[::-1]:
                name_hash = _rotated(name_hash, byte)
        names = -(-len(units) // 15)
        entry = bytearray(32 * (2 + names))
        entry[0], entry[1] = FILE, 1 + names
        struct.pack_into("<H", entry, 4, DIRECTORY if is_folder else 0x20)
        day = (WHEN.year - 1980) << 25 | WHEN.month << 21 | WHEN.day << 16
        struct.pack_into("<III", entry, 8, day, day, day)
        entry[22] = entry[23] = entry[24] = 0x80
        entry[32], entry[33], entry[35] = STREAM, 3 if size else 1, len(units)
        struct.pack_into("<H", entry, 36, name_hash)
        struct.pack_into("<QIIQ", entry, 40, size, 0, cluster, size)
        for n in range(names):
            at, part = 64 + 32 * n, units[15 * n : 15 * n + 15]
            entry[at] = NAME
            struct.pack_into(f"<{len(part)}H", entry, at + 2, *part)
        checksum = 0
        for at, byte in enumerate(entry):
            if at not in (2, 3):
                checksum = _rotated(checksum, byte)
        struct.pack_into("<H", entry, 2, checksum)
        return bytes(entry)

    def read(self, out: Path) -> None:
        """Copies everything on the image into a folder."""
        self._read_folder(self._read(self.root, self.cluster), out)

    def _read_folder(self, entries: bytes, out: Path) -> None:
        out.mkdir(exist_ok=True)
        for name, is_folder, cluster, size in _listed(entries):
            content = self._read(cluster, size) if size else b""
            if is_folder:
                self._read_folder(content, out / name)
            else:
                (out / name).write_bytes(content)


def _listed(entries: bytes) -> Iterator[tuple[str, bool, int, int]]:
    at = 0
    while at < len(entries) and entries[at]:
        if entries[at] == FILE:
            count, length = entries[at + 1], entries[at + 35]
            cluster, size = struct.unpack_from("<IQ", entries, at + 52)
            units = b"".join(entries[at + 64 + 32 * n + 2 : at + 64 + 32 * n + 32] for n in range(count - 1))
            name = units[: 2 * length].decode("utf-16-le")
            yield name, bool(entries[at + 4] & DIRECTORY), cluster, size
            at += 32 * count
        at += 32


def _upcase(table: bytes) -> list[int]:
    """The image's table of capitals, which leaves out the stretches in which nothing changes."""
    units = [unit[0] for unit in struct.iter_unpack("<H", table)]
    capitals, at, n = list(range(65536)), 0, 0
    while n < len(units):
        if units[n] == 0xFFFF and n + 1 < len(units):
            at, n = at + units[n + 1], n + 2
        else:
            capitals[at], at, n = units[n], at + 1, n + 1
    return capitals


def _rotated(checksum: int, byte: int) -> int:
    return ((checksum << 15 | checksum >> 1) + byte) & 0xFFFF


def blank(path: Path, size: int) -> Path:
    """A file of zeros that takes no room."""
    path.touch()
    os.truncate(path, size)
    return path
