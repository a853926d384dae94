"""People's data that may have slipped into a text or a photo. Names can't be known by a program: the report says so.

A remark never repeats what it found: the report is public.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice

from phonenumbers import Leniency, PhoneNumberMatcher
from PIL import ExifTags, Image

from capitalise import attachments, limits
from capitalise.locales import fold, texts
from capitalise.photos import FORMATS
from capitalise.reviewing.remark import Remark
from capitalise.reviewing.subject import Subject
from capitalise.values import HANDOUT_TYPES

MOST_OF_A_SORT = 10
"""How many of a sort are named; after these a reader knows what to look for."""
_MOST_REGIONS = 4

_EMAIL = re.compile(r"(?<![\w.+-])([\w.+-]{1,64})@((?:[\w-]{1,63}\.){1,6}[A-Za-z]{2,24})")
_DECIMAL = r"(?:\d{1,3}\.\d{3,12}|\d{1,3},\d{4,12})"
_POSITION = re.compile(
    rf"(?<![\d.,]){_DECIMAL} ?°? ?[NSEWO]?[ ,;/]{{1,3}}-?{_DECIMAL}(?!\d)"  # 14.7912, -16.9256
    r"|\d{1,3} ?° ?\d{1,2} ?[’'′] ?\d{1,2}(?:[.,]\d{1,4})? ?(?:[\"”″]|''|’’)"  # 14° 47' 28"
    r"|\b(?:maps\.app\.goo\.gl|goo\.gl/maps|google\.[a-z.]{2,6}/maps)\b",
    re.IGNORECASE,
)
_MESSENGER = re.compile(r"\b(?:wa\.me/|t\.me/|chat\.whatsapp\.com/)\w", re.IGNORECASE)


def find(subject: Subject) -> Iterator[Remark]:
    """Telephone numbers, e-mail addresses of persons, exact positions, messenger links; positions in photos."""
    lines = subject.text.split("\n")
    stamp = {line for path, line in subject.document.lines.items() if path[0] == "translation_of"}
    for name, matches in (
        ("phone", _phones(subject)),
        ("email", _matching(lines, _emails(subject))),
        ("position", _matching(lines, _POSITION.search)),
        ("messenger", _matching(lines, _MESSENGER.search)),
    ):
        told = (line for line in dict.fromkeys(matches) if line not in stamp)  # a hash may look like a number
        if found := list(islice(told, MOST_OF_A_SORT)):
            yield Remark("people", name, 0, {"lines": [str(line) for line in found], "n": len(found)})
    placed = [name for name, path in subject.attachments.items() if _tells_where(path)]
    if placed:
        yield Remark("people", "photo", 0, {"files": placed[:MOST_OF_A_SORT], "n": len(placed)})
    signed = [name for name, path in subject.attachments.items() if _names_its_author(path)]
    if signed:
        yield Remark("people", "document", 0, {"files": signed[:MOST_OF_A_SORT], "n": len(signed)})


def _phones(subject: Subject) -> Iterator[int]:
    """Lines of numbers that are telephone numbers in a country of the product, or with their country's prefix."""
    starts = set()
    for region in (getattr(subject.fields, "countries", None) or ["ZZ"])[:_MOST_REGIONS]:  # ZZ: any, by its prefix
        starts |= {match.start for match in PhoneNumberMatcher(subject.text, region, leniency=Leniency.VALID)}
    line, seen = 1, 0
    for start in sorted(starts):
        line, seen = line + subject.text.count("\n", seen, start), start
        yield line


def _matching(lines: list[str], matches) -> Iterator[int]:
    for number, line in enumerate(lines, 1):
        if matches(line):
            yield number


def _emails(subject: Subject):
    """Whether a line holds an address that may be a person's: not `contact@…`, not the organisation's own name."""
    mailboxes = set(texts(subject.lang)("review.mailboxes").split())

    def personal(line: str) -> bool:
        for local, domain in _EMAIL.findall(line):
            name = re.split(r"[.+_-]", fold(local))[0]
            if name not in mailboxes and fold(local) not in fold(domain):
                return True
        return False

    return personal


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
