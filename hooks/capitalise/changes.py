"""What changed in an original since its translation was stamped: the sections and, where history tells, the words."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

from capitalise import frontmatter, history, sections
from capitalise.frontmatter import dotted
from capitalise.library import Product
from capitalise.sections import FIELDS
from capitalise.translation import revision, section_hashes, translatable

MOST_COMPARED = 2_000
"""Lines of a section, or words of a line, that are compared one by one: the time grows with their square."""
CONTEXT = 6
"""Unchanged words that stay on each side of a change."""


class Piece(NamedTuple):
    """A stretch of a line: `=` in both, `-` in the old text alone, `+` in the new one alone."""

    mark: str
    text: str


@dataclass(frozen=True)
class Change:
    """A section of the original that changed."""

    anchor: str
    title: str
    """As the original has it now, or had it; empty for what stands before the first heading."""
    lines: tuple[tuple[Piece, ...], ...] | None
    """The lines that differ; None where the old text is not known."""
    place: int
    """Line of the translation's file to look at."""


def since(product: Product, lang: str) -> list[Change]:
    """The changes of the original since the translation `lang` was stamped, in the original's order.

    A translation without a stamp, or with one that is up to date, has none. A stamp that names no sections and whose
    revision history does not have gives a list that is empty too: what changed can't be told.
    """
    text = product.texts[lang]
    stamp = text.fields.translation_of
    if stamp is None or stamp.revision in (None, product.revision):
        return []
    old = _version(product, stamp.revision)
    now = {part.anchor or "intro": part for part in product.original.parts}
    then = {part.anchor or "intro": part for part in old[1]} if old else {}
    if old:
        before = section_hashes(old[0], product.kind.fields, old[1])
    else:
        before = dict(stamp.sections)
    if not before:
        return []
    hashes = product.hashes
    anchors = [anchor for anchor in (*hashes, *before) if before.get(anchor) != hashes.get(anchor)]
    titles = {anchor: part.title for anchor, part in (then | now).items()}
    places = {part.anchor or "intro": part.line for part in text.parts}
    changes = []
    for anchor in dict.fromkeys(anchors):
        lines: tuple[tuple[Piece, ...], ...] | None = None
        if old and anchor == FIELDS:
            lines = tuple(_fields(old[0], product.original.document.meta, product))
        elif old:
            sides = [_lines(one[anchor]) if anchor in one else [] for one in (then, now)]
            lines = tuple(_compared(*sides))
        place = 1 if anchor == FIELDS else places.get(anchor, text.packed.body_line)
        changes.append(Change(anchor, titles.get(anchor, anchor if anchor != FIELDS else ""), lines, place))
    return changes


def _version(product: Product, wanted: str) -> tuple[Mapping[str, Any], tuple[sections.Part, ...]] | None:
    """Front matter and sections of the original at a revision, from its history."""
    original = product.original
    for text in history.versions(product.folder / original.file.rpartition("/")[2]):
        try:
            document = frontmatter.parse(text, original.file)
        except frontmatter.Unreadable:
            continue
        parts = sections.split(document.body, product.kind, original.lang, document.body_line)
        if revision(document.meta, product.kind.fields, parts) == wanted:
            return document.meta, parts
    return None


def _lines(part: sections.Part) -> list[str]:
    heading = [f"## {part.title}"] if part.title else []
    return heading + [line.rstrip() for line in part.text.split("\n") if line.strip()]


def _fields(before: Mapping[str, Any], after: Mapping[str, Any], product: Product) -> Iterator[tuple[Piece, ...]]:
    old, new = (dict(_flat((), translatable(meta, product.kind.fields))) for meta in (before, after))
    for path in dict.fromkeys((*new, *old)):
        if old.get(path) != new.get(path):
            yield Piece("=", f"{dotted(path)}: "), *_words(old.get(path, ""), new.get(path, ""))


def _flat(path: tuple[Any, ...], value: Any) -> Iterator[tuple[tuple[Any, ...], str]]:
    """Every text of nested values with its path."""
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from _flat((*path, key), inner)
    elif isinstance(value, list):
        for index, inner in enumerate(value):
            yield from _flat((*path, index), inner)
    elif value is not None:
        yield path, str(value)


def _compared(old: list[str], new: list[str]) -> Iterator[tuple[Piece, ...]]:
    """The lines that differ; of two that stand for each other, word by word."""
    if len(old) > MOST_COMPARED or len(new) > MOST_COMPARED:
        common = set(old) & set(new)
        yield from ((Piece("-", line),) for line in old if line not in common)
        yield from ((Piece("+", line),) for line in new if line not in common)
        return
    for tag, a, b, c, d in difflib.SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if tag == "equal":
            continue
        pairs = min(b - a, d - c)
        for one, other in zip(old[a : a + pairs], new[c : c + pairs], strict=True):
            yield tuple(_words(one, other))
        yield from ((Piece("-", line),) for line in old[a + pairs : b])
        yield from ((Piece("+", line),) for line in new[c + pairs : d])


def _words(old: str, new: str) -> Iterator[Piece]:
    """A line word by word; long stretches without a change are cut."""
    before, after = (re.findall(r"\S+\s*", text) for text in (old, new))
    if len(before) > MOST_COMPARED or len(after) > MOST_COMPARED:
        yield from (Piece("-", old), Piece("+", new))
        return
    codes = difflib.SequenceMatcher(None, before, after, autojunk=False).get_opcodes()
    for number, (tag, a, b, c, d) in enumerate(codes):
        if tag == "equal":
            head = [] if number == 0 else before[a : a + CONTEXT]
            tail = [] if number == len(codes) - 1 else before[max(a, b - CONTEXT) : b]
            whole = len(head) + len(tail) >= b - a
            yield Piece("=", "".join(before[a:b]) if whole else "… ".join(("".join(head), "".join(tail))))
        else:
            yield from (Piece(mark, "".join(part)) for mark, part in (("-", before[a:b]), ("+", after[c:d])) if part)
