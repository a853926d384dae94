"""Films: what they are by their first bytes, and what telephones write into them beside the film.

An MP4 is made of boxes: four bytes of size, four letters of name, then the content (ISO/IEC 14496-12, 4.2). A
telephone writes where it was into boxes that no player needs. They are made empty where they stand: nothing moves,
so that what points into the file still points at the film.
"""

from __future__ import annotations

from collections.abc import Iterator

_INSIDE = {b"moov", b"trak", b"mdia", b"minf", b"stbl", b"moof", b"traf"}
_SAYS = {b"udta", b"meta", b"uuid", b"mere", b"loci", b"Xtra"}
"""User data, metadata, other programs' own (XMP), the position (3GPP TS 26.244)."""


def form(data: bytes) -> str:
    """`.mp4` or `.webm`, empty for what is neither."""
    if data[4:8] == b"ftyp" and data[8:12] not in (b"heic", b"heix", b"mif1", b"avif", b"avis"):
        return ".mp4"
    if data.startswith(b"\x1a\x45\xdf\xa3") and b"\x42\x82\x84webm" in data[:100]:  # EBML, its DocType
        return ".webm"
    return ""


def cleaned(data: bytes) -> bytes:
    """An MP4 without what says where and by whom it was taken; another film as it is."""
    if form(data) != ".mp4":
        return data
    made = bytearray(data)
    for start, content, end in _boxes(data, 0, len(data), 0):
        made[start + 4 : start + 8] = b"free"
        made[content:end] = bytes(end - content)
    return bytes(made)


def _boxes(data: bytes, at: int, end: int, depth: int) -> Iterator[tuple[int, int, int]]:
    """The boxes that say something beside the film: start, start of the content, end."""
    while at + 8 <= end:
        size, name, content = int.from_bytes(data[at : at + 4]), data[at + 4 : at + 8], at + 8
        if size == 1:
            size, content = int.from_bytes(data[at + 8 : at + 16]), at + 16
        elif size == 0:
            size = end - at
        stop = at + size
        if stop > end or stop < content:
            return
        if name in _SAYS:
            yield at, content, stop
        elif name in _INSIDE and depth < 8:
            yield from _boxes(data, content, stop, depth + 1)
        at = stop
