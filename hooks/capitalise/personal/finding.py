"""Everything that is found in a text, each thing once."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from capitalise.personal import emails, identity, links, phones, positions
from capitalise.personal.found import Found
from capitalise.personal.plain import plain, unwrapped

_BOOKS = re.compile(r"\b(?:ISBN|ISSN|ORCID|PMID)(?:-1[03])?\b[^\w\n]{0,3}\d[\dXx -]{6,22}", re.IGNORECASE)
_ORCID = re.compile(r"\d(?<![\w-]\d)\d{3}-(?:\d{4}-){2}\d{3}[\dX](?![\w-])")
_DAYS = re.compile(
    r"\d(?<![\d.,/-]\d)(?:\d{3}-\d\d-\d\d(?:T[\d:.+Z-]{4,20})?|\d?[./-]\d{1,2}[./-](?:19|20)\d\d)(?![\d/-])"
)


def find(text: str, countries: Iterable[str] = ()) -> Iterator[tuple[int, Found]]:
    """What a text tells of people, with its line (from 0), in the order of the text.

    `countries` are those of which it speaks: numbers and places are looked for there too.
    """
    read = plain(text)
    searched = unwrapped(read)
    found: list[Found] = []

    def take(more: Iterable[Found]) -> None:
        nonlocal searched
        new = list(more)
        found.extend(new)
        searched = _without(searched, ((one.start, one.end) for one in new))

    take(links.find(searched))
    take(_apart(emails.find(searched)))
    folded = searched.casefold()
    named = any(word in folded for word in ("isbn", "issn", "orcid", "pmid"))
    for pattern in (links.ADDRESS, _ORCID, *([_BOOKS] if named else ())):
        searched = pattern.sub(lambda hidden: _HIDDEN * len(hidden[0]), searched)
    take(_apart(identity.find(searched)))
    searched = _DAYS.sub(lambda hidden: _HIDDEN * len(hidden[0]), searched)
    take(_apart(positions.find(searched, countries)))
    take(_apart(phones.find(searched, countries)))
    line = seen = 0
    for one in _apart(found):
        line, seen = line + read.count("\n", seen, one.start), one.start
        yield line, one


_HIDDEN = "\x00"


def _apart(found: Iterable[Found]) -> Iterator[Found]:
    """In the order of the text, without what overlaps what comes before it."""
    end = 0
    for one in sorted(found, key=lambda one: (one.start, -one.end)):
        if one.start >= end:
            yield one
            end = one.end


def _without(text: str, spans: Iterable[tuple[int, int]]) -> str:
    """The text with what stands there hidden, of the same length."""
    parts, end = [], 0
    for start, stop in sorted(spans):
        if stop > end:
            start = max(start, end)
            parts += [text[end:start], _HIDDEN * (stop - start)]
            end = stop
    return "".join([*parts, text[end:]])
