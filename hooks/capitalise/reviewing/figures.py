"""Figures in a text, and whether a source stands by them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from capitalise.sections import outside_code

_NUMBER = re.compile(r"(?<![\w^/.-])\d+(?:[.,  \u202f]\d+)*")
_YEAR = re.compile(r"(?:19|20)\d\d\Z")
_ITEM = re.compile(r"\s*\d{1,3}[.)]\s")
_CITED = re.compile(r"\[\^")
_LINK = re.compile(r"\]\([^()\s]*\)")


@dataclass(frozen=True)
class Passage:
    """A paragraph, list or table that gives figures."""

    line: int
    """From 0, in the text."""
    is_cited: bool


def passages(text: str) -> Iterator[Passage]:
    """The passages that give figures; years, dates and the numbers of a list are none.

    A table or a list is sourced by the sentence that announces it.
    """
    start, has_figures, cited, cited_before = -1, False, False, False
    for number, line in [*outside_code(text), (0, "")]:
        if line.strip():
            start = number if start < 0 else start
            cited = cited or bool(_CITED.search(line))
            has_figures = has_figures or _has_figures(line)
        elif start >= 0:
            if has_figures:
                yield Passage(start, cited or cited_before)
            # A source carries over to what directly follows, and no further.
            start, has_figures, cited, cited_before = -1, False, False, cited


def _has_figures(line: str) -> bool:
    if line.lstrip().startswith("#"):
        return False
    line = _LINK.sub("]", _ITEM.sub("", line, count=1))
    return any(not _YEAR.match(found.strip()) for found in _NUMBER.findall(line))
