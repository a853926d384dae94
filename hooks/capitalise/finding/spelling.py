"""The words of a language's pages, for "did you mean": the browser looks there for one near a word that nobody used."""

from __future__ import annotations

import re
from collections import Counter

from capitalise.finding.records import Record

MOST = 6000
"""Words kept: some 20 kB once packed, fetched only by a reader who found nothing."""

_WORD = re.compile(r"[^\W\d_]{4,24}")
_TEXT = re.compile(r">([^<]+)")


class Words:
    """In how many records of a language each word stands."""

    def __init__(self) -> None:
        self._count: Counter[str] = Counter()

    def add(self, record: Record) -> None:
        """Counts the words of a record, each once."""
        self._count.update({word for text in _TEXT.findall(record.html) for word in _WORD.findall(text.lower())})

    def frequent(self) -> list[str]:
        """The words that stand in most records, these first, and in the alphabet's order among equals."""
        return [word for word, _ in sorted(self._count.items(), key=lambda one: (-one[1], one[0]))[:MOST]]
