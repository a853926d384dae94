"""People's data, for who reviews: the position that a photo carries, and what an editor accepted, with the reason.

What the texts hold is found by the checks (`personal/`). A remark never repeats a datum: the report is public.
"""

from __future__ import annotations

from collections.abc import Iterator

from PIL import ExifTags, Image

from capitalise import attachments, limits
from capitalise.locales import texts
from capitalise.personal.found import hint
from capitalise.photos import FORMATS
from capitalise.reviewing.remark import Key, Remark
from capitalise.reviewing.subject import Subject
from capitalise.values import HANDOUT_TYPES

MOST_OF_A_SORT = 10
"""How many of a sort are named; after these a reader knows what to look for."""


def find(subject: Subject) -> Iterator[Remark]:
    """Positions in photos, and each acknowledgement of the file."""
    placed = [name for name, path in subject.attachments.items() if _tells_where(path)]
    if placed:
        yield Remark("people", "photo", 0, {"files": placed[:MOST_OF_A_SORT], "n": len(placed)})
    signed = [name for name, path in subject.attachments.items() if _names_its_author(path)]
    if signed:
        yield Remark("people", "document", 0, {"files": signed[:MOST_OF_A_SORT], "n": len(signed)})
    if subject.is_translation:
        return  # it inherits what its original says
    words = texts(subject.lang)
    for index, one in enumerate(subject.fields.acknowledged):
        values = {"shown": hint(one.value), "what": Key(f"acknowledged.{one.code}"), "by": one.by}
        values |= {"reason": one.reason, "date": words.date(one.date)}
        yield Remark("people", "acknowledged", subject.document.line("acknowledged", index), values)


def _tells_where(path) -> bool:
    """Whether a photo carries the position of the camera."""
    if path.suffix.lower() not in FORMATS:
        return False
    try:
        with Image.open(path, formats=sorted(set(FORMATS.values()))) as image:
            return bool(image.getexif().get_ifd(ExifTags.IFD.GPSInfo))
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError):
        return False


def _names_its_author(path) -> bool:
    """Whether a document's properties name who wrote it."""
    known = path.suffix.lower() in HANDOUT_TYPES and path.stat().st_size <= limits.MAX_ATTACHMENT_BYTES
    return known and attachments.look(path).names_people
