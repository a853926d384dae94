"""The words of a language's pages: for "did you mean", where the browser looks for one near a word that nobody used."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from html import escape, unescape

from capitalise.finding.records import Record

MOST = 6000
"""Words kept: some 20 kB once packed, fetched only by a reader who found nothing."""

_WORD = re.compile(r"[^\W\d_]{4,24}")
_TEXT = re.compile(r">([^<]+)")
_TAG = re.compile(r"<[^>]*>")
_EDGES = re.compile(r"^\W+|\W+$")


class Words:
    """In how many records of a language each word stands."""

    def __init__(self) -> None:
        self._count: Counter[str] = Counter()

    def add(self, record: Record) -> None:
        """Counts the words of a record, each once."""
        self._count.update(set(_WORD.findall(" ".join(_TEXT.findall(record.html)).lower())))

    def frequent(self) -> list[str]:
        """The words that stand in most records, these first, and in the alphabet's order among equals."""
        return [word for word, _ in sorted(self._count.items(), key=lambda one: (-one[1], one[0]))[:MOST]]


def every_word(records: Iterable[str]) -> list[str]:
    """All that stands between blanks in the HTML of records, each once, as HTML; in order.

    The engine takes marks at both ends of a word away and makes letters small: so does this, but where it may also look
    inside (« PowerPoint, » is two words for it, and « PowerPoint » one).
    """
    written: set[str] = set()
    for html in records:
        written.update(_TAG.sub(" ", html).split())
    words: set[str] = set()
    for word in map(unescape, written):
        bare = _EDGES.sub("", word)
        if bare[1:] != bare[1:].lower() and bare != bare.upper():
            words |= {word, bare}
        else:
            words.add((bare or word).lower())
    return sorted(escape(word, quote=False) for word in words)
