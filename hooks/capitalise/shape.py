"""Whether a text has the shape of something that a person wrote, looked at before anything else reads it.

Markdown has no end: a thousand quotations in one another, a line of a hundred thousand brackets. The parsers behind us
(Python-Markdown, ElementTree) and some patterns of our own need a time that grows with the square of such a text, or a
level of Python's stack for each level of it. Here one pass over the lines measures what they are sensitive to; what is
above `limits` is refused with its line, so that no file holds a build up. What the limits must withstand was measured:
`tests/test_limits.py` has the texts.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain

from capitalise import limits

_HOLDER = re.compile(r" {4}|\t| {0,3}(?:>|(?:[-+*:]|\d{1,9}[.)])(?=[ \t]))")
"""One level of what holds other blocks, at the start of a line: an indent, a quotation, an item."""
_MARK = re.compile(r"[\[<`]| {2}$|^[ \t>]*(?:#|!!!|\?\?\?|===|(?:=+|-+|[-*_](?:[ \t]*[-*_])+)[ \t]*$)", re.MULTILINE)
"""What makes a parser look ahead to the end of the passage, or cut the passage and begin again."""
_SECTION = re.compile(r"##[ \t]")
_DEFINITION = re.compile(r"^ {0,3}(\*?)\[([^\]\n]+)\]:[ \t]*(.*)$", re.MULTILINE)


@dataclass(frozen=True)
class Fault:
    """What is too much of a text."""

    line: int
    """From 0."""
    what: str
    """Names its message: `problem.too-complex.<what>`."""
    limit: int


def fault(body: str) -> Fault | None:
    """The first thing in a body, without its front matter, that no person writes; None where there is none."""
    if len(body) > limits.MAX_BODY_CHARS:
        return Fault(0, "body", limits.MAX_BODY_CHARS)
    lines = body.split("\n")
    if len(lines) > limits.MAX_LINES:
        return Fault(limits.MAX_LINES, "lines", limits.MAX_LINES)
    if body.count("[^") > limits.MAX_CITATIONS:
        return Fault(0, "citations", limits.MAX_CITATIONS)
    return next(chain(_single_lines(lines), _whole_passages(lines), _definitions(body)), None)


def _single_lines(lines: list[str]) -> Iterator[Fault]:
    sections = 0
    for number, line in enumerate(lines):
        if len(line) > limits.MAX_LINE_CHARS:
            yield Fault(number, "line", limits.MAX_LINE_CHARS)
        if _depth(line) > limits.MAX_NESTING:
            yield Fault(number, "depth", limits.MAX_NESTING)
        if _SECTION.match(line):
            sections += 1
            if len(line) > limits.MAX_HEADING_CHARS:
                yield Fault(number, "heading", limits.MAX_HEADING_CHARS)
            if sections > limits.MAX_SECTIONS:
                yield Fault(number, "sections", limits.MAX_SECTIONS)


def _depth(line: str) -> int:
    """How many things hold what stands in a line, counted no further than is allowed."""
    depth = at = 0
    while depth <= limits.MAX_NESTING and (holder := _HOLDER.match(line, at)):
        depth, at = depth + 1, holder.end()
    return depth if line[at:].strip() else 0


def _whole_passages(lines: list[str]) -> Iterator[Fault]:
    work = 0
    for first, passage in _passages(lines):
        text = "\n".join(passage)
        work += len(_MARK.findall(text)) * len(text)
        if work > limits.MAX_MARKS_BY_CHARS:
            yield Fault(first, "marks", limits.MAX_MARKS_BY_CHARS)
        if sum(line.lstrip().startswith(":") for line in passage) > limits.MAX_MEANINGS:
            yield Fault(first, "meanings", limits.MAX_MEANINGS)
        columns = max(line.count("|") for line in passage)
        if columns > limits.MAX_TABLE_COLUMNS + 1:
            yield Fault(first, "columns", limits.MAX_TABLE_COLUMNS)
        if columns * len(passage) > limits.MAX_TABLE_CELLS:
            yield Fault(first, "cells", limits.MAX_TABLE_CELLS)


def _passages(lines: list[str]) -> Iterator[tuple[int, list[str]]]:
    """What stands between blank lines, which the parser looks at as a whole; each with its first line."""
    first = 0
    for number in range(len(lines) + 1):
        if number == len(lines) or not lines[number].strip():
            if number > first:
                yield first, lines[first:number]
            first = number + 1


def _definitions(body: str) -> Iterator[Fault]:
    """A definition is written once and put in at each mention: a short text could become a very long page."""
    made = 0
    for number, found in enumerate(_DEFINITION.finditer(body), 1):
        star, name, text = found.groups()
        line = body.count("\n", 0, found.start())
        if number > limits.MAX_DEFINITIONS:
            yield Fault(line, "definitions", limits.MAX_DEFINITIONS)
        made += len(text) * body.count(name if star else f"[{name}]")
        if made > limits.MAX_EXPANDED_CHARS:
            yield Fault(line, "expanded", limits.MAX_EXPANDED_CHARS)
