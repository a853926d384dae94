"""A product's body cut at its headings, so that each part has an anchor, a line and a hash of its own."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache

from capitalise.locales import Texts, available, fold, slug, texts
from capitalise.model import KINDS, Kind

_FENCE = re.compile(r" {0,3}(`{3,}|~{3,})")
_SETEXT = re.compile(r"-{3,}[ \t]*$")
_COMMENT = re.compile(r"<!--.*?(?:-->|\Z)", re.DOTALL)
_NUMBERING = re.compile(r"^(?:\d+|[ivx]+|[a-z])[.)°]\s*|^\d+\s+[-–—]\s*", re.IGNORECASE)

FIELDS = "fields"
"""The name under which the translated fields stand among the sections that changed."""


@dataclass(frozen=True)
class Part:
    """A section of a body."""

    anchor: str
    """Empty for what stands before the first heading."""
    title: str
    text: str
    line: int
    """Line of the heading in the file."""
    text_line: int
    """Line on which the text begins: after the heading, and after what underlines it."""
    known: bool
    """Whether the model has this section."""

    @property
    def is_blank(self) -> bool:
        """Whether it holds nothing but comments."""
        text = _COMMENT.sub("", self.text) if "<!--" in self.text else self.text
        return not text or text.isspace()


def split(body: str, kind: Kind, lang: str, first_line: int = 1) -> tuple[Part, ...]:
    """The sections of a body, in the author's order; an empty introduction is left out.

    A heading is known by its label in `lang`, whatever its case, accents or numbering. The same label twice, or one
    that the model does not have, gets an anchor made from its words.
    """
    labels = labels_of(kind.name, lang)
    parts, used = [], set()
    for title, text, line, text_line in _headings(body):
        key = _label_key(title)
        anchor = labels.get(key, "")
        known = bool(anchor) and anchor not in used
        if title and not known:
            anchor = _free(slug(title) or "section", used, labels.values())
        used.add(anchor)
        part = Part(anchor, title, text, first_line + line, first_line + text_line, known)
        if title or not part.is_blank:
            parts.append(part)
    return tuple(parts)


@cache
def labels_of(kind: str, lang: str) -> Mapping[str, str]:
    """Folded label → anchor, for the sections of a kind in a language that has texts."""
    words: Texts = texts(lang if lang in available() else "fr")
    return {_label_key(words(f"section.{kind}.{s.anchor}")): s.anchor for s in KINDS[kind].sections}


@lru_cache(maxsize=10_000)
def _label_key(title: str) -> str:
    return " ".join(fold(_NUMBERING.sub("", title.strip())).rstrip(" :").split())


def _free(wanted: str, used: set[str], reserved) -> str:
    """The anchor that is wanted, with a number where it is taken."""
    reserved = set(reserved)
    candidate, number = wanted, 1
    while candidate in used or candidate in reserved:
        number += 1
        candidate = f"{wanted}-{number}"
    return candidate


def outside_code(text: str) -> Iterator[tuple[int, str]]:
    """Number (from 0) and text of each line that is neither in a fenced code block nor in a comment."""
    return iter(_lines_outside_code(text))


@lru_cache(maxsize=2)
def _lines_outside_code(text: str) -> tuple[tuple[int, str], ...]:
    """The same, once for all who ask in turn: headings, citations, links."""
    lines = enumerate(text.split("\n"))
    return tuple(_outside(lines) if "```" in text or "~~~" in text or "<!--" in text else lines)


def _outside(lines: Iterable[tuple[int, str]]) -> Iterator[tuple[int, str]]:
    fence, in_comment = "", False
    for number, line in lines:
        if in_comment:
            in_comment = "-->" not in line
            continue
        mark = _FENCE.match(line)
        if fence:
            if mark and mark[1].startswith(fence) and not line.strip(" `~"):
                fence = ""
            continue
        if mark:
            fence = mark[1]
            continue
        if "<!--" in line:
            before, _, after = line.partition("<!--")
            in_comment = "-->" not in after
            line = before + after.partition("-->")[2] if not in_comment else before
        yield number, line


def _headings(body: str) -> Iterator[tuple[str, str, int, int]]:
    """Title, text, and line (from 0) of both, of each second-level heading; first what stands before any."""
    lines = body.split("\n")
    outside = _lines_outside_code(body)
    shown: dict[int, str] = {}  # the same by number, where it is needed
    starts: list[tuple[int, int, str]] = []  # line of the title, first line of the text, title
    # Few lines can be headings; the others are not looked at one by one.
    for number, line in [numbered for numbered in outside if numbered[1].startswith(("##", "---"))]:
        if heading := _atx(line):
            starts.append((number, number + 1, heading))
        elif _SETEXT.match(line):
            shown = shown or dict(outside)
            if number - 1 in shown and _may_be_setext(lines, number - 1):
                starts.append((number - 1, number + 1, shown[number - 1].strip()))
    ends = [*(start for start, _, _ in starts[1:]), len(lines)][: len(starts)]
    yield "", "\n".join(lines[: starts[0][0]] if starts else lines), 0, 0
    for (start, after, title), end in zip(starts, ends, strict=True):
        yield title, "\n".join(lines[after:end]), start, after


def _atx(line: str) -> str:
    """The title of `## Title ##`; empty where a line is no heading. A pattern would try each end for each blank."""
    title = line[2:].strip(" \t")
    if line[:2] != "##" or line[2:3] not in (" ", "\t"):
        return ""
    return title.rstrip("#").rstrip(" \t") or title[:1]


def _may_be_setext(lines: list[str], number: int) -> bool:
    """Whether a line underlined with dashes is a heading: a paragraph of one line, and no table or list."""
    line = lines[number]
    return (
        bool(line.strip())
        and not line.startswith((" ", "\t", "|", "-", "*", "#", ">"))
        and (number == 0 or not lines[number - 1].strip())
    )
