"""Markdown at the cost of what a text uses: nobody looks for a table where there is no `|`.

Python-Markdown asks each of its parts of every line and word of a text; most texts use few. Here each part is named
with the characters without which it can find nothing, and left out where they are missing. The result is the same,
byte for byte: a test converts the library and the known traps both ways.
"""

from __future__ import annotations

import re
from typing import Any

from markdown import Markdown
from markdown.preprocessors import Preprocessor
from markdown.treeprocessors import InlineProcessor, Treeprocessor
from markdown.util import AtomicString, Registry

_BLOCKS = {
    "admonition": ("!!!",),
    "details": ("???",),
    "tabbed": ("===",),
    "table": ("|",),
    "hashheader": ("#",),
    "quote": (">",),
    "footnote": ("]:",),
    "abbr": ("]:",),
    "reference": ("]:",),
}
_TREES = {
    "task-list": ("[ ]", "[x]", "[X]"),
    "footnote-duplicate": ("footnote",),
    "attr_list": ("{",),
    "unescape": ("\\",),
}
_INLINE = {
    "backtick": ("`",),
    "escape": ("\\",),
    "footnote": ("[^",),
    "reference": ("[",),
    "link": ("[",),
    "image_link": ("![",),
    "image_reference": ("![",),
    "short_reference": ("[",),
    "short_image_ref": ("![",),
    "autolink": ("<",),
    "automail": ("<",),
    "linebreak": ("  \n",),
    "html": ("<",),
    "entity": ("&",),
    "em_strong": ("*", "_"),
}
"""Name of a part of Python-Markdown → what a text that it finds something in must hold. A part not named is asked."""

_MARKS = tuple(sorted({mark for parts in (_BLOCKS, _TREES) for marks in parts.values() for mark in marks}))
_MARK = re.compile(r"[`\\\[<&*_]|  \n")
"""What a text must hold for any of `_INLINE`."""


_Part = tuple[Any, tuple[str, ...]]
"""A part, and its marks."""


class _Few(list[Any]):
    """The parts of a registry that are asked; by its name, each can be had."""

    def __init__(self, registry: Registry[Any], parts: list[_Part], present: dict[str, bool] | None = None) -> None:
        super().__init__(
            [part for part, marks in parts if present is None or not marks or any([present[mark] for mark in marks])]
        )
        self._registry = registry

    def __getitem__(self, key: Any) -> Any:
        return self._registry[key] if isinstance(key, str) else super().__getitem__(key)


class Choice(Preprocessor):
    """The last to see a text before it is parsed: chooses who will be asked."""

    def __init__(self, md: Markdown) -> None:
        super().__init__(md)
        self.listing: Treeprocessor | None = None
        """The part that lists the notes, while they are listed."""
        self._chosen: dict[tuple[bool, ...], tuple[_Few, _Few]] = {}
        self._all = md.parser.blockprocessors, md.treeprocessors
        self._blocks = _named(md.parser.blockprocessors, _BLOCKS)
        self._trees = _named(md.treeprocessors, _TREES)

    def run(self, lines: list[str]) -> list[str]:
        if self.listing:  # what notes hold stands in no text that can be looked at here
            self.everyone()
            # A note that is cited twice gets one way back (`markup.BACKREF`): none need be copied.
            trees = [named for named in self._trees if named[0] is not self._all[1]["footnote-duplicate"]]
            self.md.treeprocessors = _Few(self._all[1], [(self.listing, ()), *trees])
            return lines
        text = "\n".join(lines)
        present = tuple([mark in text for mark in _MARKS])
        if present not in self._chosen:
            known = dict(zip(_MARKS, present, strict=True))
            self._chosen[present] = _Few(self._all[0], self._blocks, known), _Few(self._all[1], self._trees, known)
        self.md.parser.blockprocessors, self.md.treeprocessors = self._chosen[present]
        return lines

    def everyone(self) -> None:
        """All are asked again, and may be registered."""
        self.md.parser.blockprocessors, self.md.treeprocessors = self._all


class _Inline(InlineProcessor):
    """Looks for emphasis, links, notes… in a piece of text: for those alone whose marks are in it."""

    def __init__(self, md: Markdown) -> None:
        super().__init__(md)
        self._patterns = _named(md.inlinePatterns, _INLINE)
        self._may_be_none = all(marks for _, marks in self._patterns)

    def _InlineProcessor__handleInline(self, data: str, patternIndex: int = 0) -> str:  # noqa: N802, N803 (its name there)
        if isinstance(data, AtomicString) or (self._may_be_none and not _MARK.search(data)):
            return data
        for index in range(patternIndex, len(self._patterns)):
            pattern, marks = self._patterns[index]
            found, start = not marks or any([mark in data for mark in marks]), 0
            while found:
                data, found, start = self._InlineProcessor__applyPattern(pattern, data, index, start)
        return data


def install(md: Markdown) -> Choice:
    """Makes a parser, whose parts are all registered, spare itself. `Choice.everyone` undoes it until the next text."""
    md.treeprocessors.register(_Inline(md), "inline", 20)
    choice = Choice(md)
    md.preprocessors.register(choice, "capitalise-choice", -1)
    return choice


def _named(registry: Registry[Any], table: dict[str, tuple[str, ...]]) -> list[_Part]:
    """The parts of a registry in their order, each with its marks."""
    known = {id(registry[name]): marks for name, marks in table.items() if name in registry}
    return [(part, known.get(id(part), ())) for part in registry]
