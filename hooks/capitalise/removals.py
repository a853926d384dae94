"""What a text holds that will not be published, and on which line: so that its author is told, not only its reader.

The truth is what Markdown makes of the text: a tag in a piece of code is no tag, an address may hide its scheme. Hence
it is converted, but only where it holds something that could matter, which few texts do, and within limits.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import cached_property
from html import unescape
from typing import TYPE_CHECKING, Any

from capitalise import dialect, limits, links, safety
from capitalise.frontmatter import dotted
from capitalise.problems import Problem
from capitalise.safety import Removed
from capitalise.sections import outside_code

if TYPE_CHECKING:
    from capitalise.checks import Case

_SUSPECT = re.compile(
    r"<(?!https?://|!--)[a-z/?!]"  # a tag
    r"|\{[^{}\n]*\}"  # attributes in braces
    r"|\](?:\(|:)\s*<?(?!https?:|mailto:)[^)\n]{0,100}[:&]",  # an address with a scheme, be it hidden
    re.IGNORECASE,
)
_TAG = re.compile(r"<([a-z][a-z0-9-]*)(?=[\s/>])")
_HANDLER = re.compile(r"[\s\"'/](on[a-z]+)\s*=")
_DEFINITION = re.compile(r" {0,3}\[[^\]\n]+\]:[ \t]*<?([^\s>]+)")
_BLANKS = re.compile(r"[\x00-\x20]+")
_SHOWN = 80
_START = 60
"""Characters of an address that are shown, and by which it is found again."""


_WORDS = {
    "script": "script",
    **dict.fromkeys(("style", "class", "font", "center"), "look"),
    **dict.fromkeys(("iframe", "frame", "embed", "object", "video", "audio", "source"), "frame"),
    **dict.fromkeys(("form", "input", "button", "select", "option", "textarea"), "form"),
    "id": "anchor",
}
"""Tag or attribute → which words of `unsafe-html` suit it; the others have those of their kind."""


def check(case: Case) -> Iterator[Problem]:
    """What of the text is not published, and HTML tags where all is shown as it is written."""
    remote = {link.target for link in case.links if link.is_image}  # told as such already
    chars = marks = 0
    for part in case.parts:
        if not is_suspect(part.text):
            continue
        chars, marks = chars + len(part.text), marks + part.text.count("[") + part.text.count("<")
        exactly = chars <= limits.MAX_CONVERTED_CHARS and marks <= limits.MAX_CONVERTED_MARKS
        for line, one in find(part.text, exactly=exactly):
            if one.kind == "image" and links.is_on_the_web(one.name) and one.name in remote:
                continue
            found = f"<{one.name}>" if one.kind == "tag" else one.name
            yield case.at(part.text_line + line, "unsafe-html", _words(one), found=found[:_SHOWN])
    for path, value in _texts(case.document.meta, ()):
        for tag in dict.fromkeys(safety.tags_in(value)):
            yield case.problem(path, "unsafe-html", "field", field=dotted(path), found=f"<{tag}>")


def _words(one: Removed) -> str:
    if one.kind == "attribute" and one.name.startswith("on"):
        return "script"
    return _WORDS.get(one.name, one.kind) if one.kind in ("tag", "attribute") else one.kind


def _texts(value: Any, path: tuple[Any, ...]) -> Iterator[tuple[tuple[Any, ...], str]]:
    """Every text of a front matter with its path."""
    if isinstance(value, str):
        yield path, value
    elif isinstance(value, Mapping | list):
        for key, inner in value.items() if isinstance(value, Mapping) else enumerate(value):
            yield from _texts(inner, (*path, key))


def find(text: str, *, exactly: bool = True) -> Iterator[tuple[int, Removed]]:
    """Line (from 0) and name of each thing that is taken out of a section; each once a line.

    `exactly` has it converted; otherwise it is read as it is written, whatever its length.
    """
    if not is_suspect(text):
        return
    source = _Source(text)
    told: set[tuple[int, Removed]] = set()
    for found in (source.definitions(), source.converted() if exactly else source.written()):
        for one in found:
            if one not in told:
                told.add(one)
                yield one


def is_suspect(text: str) -> bool:
    """Whether it may hold anything that is not published."""
    return bool(_SUSPECT.search(text))


class _Source:
    """Where a text says something, in its order: the first that is asked is the first found."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._lines = [(number, links.without_code(line)) for number, line in outside_code(text)]
        self._found: dict[Removed, list[int]] = {}

    def definitions(self) -> Iterator[tuple[int, Removed]]:
        """Addresses that another section may use."""
        for number, line in self._lines:
            if (found := _DEFINITION.match(line)) and not safety.is_published(unescape(found[1])):
                yield number, Removed("link", unescape(found[1]))

    def converted(self) -> Iterator[tuple[int, Removed]]:
        """What is removed of what Markdown makes of it."""
        try:
            html = dialect.parser().convert(self._text)
        except RecursionError:  # too many things in one another
            yield from self.written()
            return
        for one in safety.removed(html):
            line = self._line(one)
            if line is not None:
                yield line, one

    def written(self) -> Iterator[tuple[int, Removed]]:
        """What would be, were it all HTML: tags, handlers, and the addresses of links."""
        for number, line in self._lines:
            tags, handlers = _TAG.findall(line.lower()), _HANDLER.findall(line.lower())
            yield from ((number, Removed("tag", name)) for name in tags if safety.is_refused(name))
            yield from ((number, Removed("attribute", name)) for name in handlers)
        for link in links.find(self._text):
            if not (links.is_on_the_web(link.target) if link.is_image else safety.is_published(link.target)):
                yield link.line, Removed("image" if link.is_image else "link", link.target)

    def _line(self, one: Removed) -> int | None:
        """The line of the next one like this; None for an attribute that no one wrote."""
        if one not in self._found:
            self._found[one] = [*self._all(one)][::-1] or ([] if one.kind == "attribute" else [0])
        places = self._found[one]
        return (places.pop() if len(places) > 1 else places[0]) if places else None

    @cached_property
    def _plain(self) -> list[tuple[int, str]]:
        return [(number, _squeezed(line)) for number, line in self._lines]

    def _all(self, one: Removed) -> Iterator[int]:
        if one.kind in ("link", "image"):
            wanted = _squeezed(one.name)[:_START]
            yield from (number for number, line in self._plain if wanted in line)
            return
        name, end = re.escape(one.name), r"(?![\w-])" if one.name[-1:].isalnum() else ""
        if one.kind == "tag":
            ways = (rf"<{name}{end}", rf"</{name}{end}")  # where nothing begins, what is told is an end
        else:
            ways = (rf"(?<![\w-]){name}{end}" + {"id": r"|\{[^}]*#", "class": r"|\{[^}]*\."}.get(one.name, ""),)
        for way in ways:
            written, found = re.compile(way, re.IGNORECASE), False
            for number, line in self._lines:
                times = len(written.findall(line))
                found = found or bool(times)
                yield from [number] * times
            if found:
                return


def _squeezed(text: str) -> str:
    return _BLANKS.sub("", unescape(text)).casefold()
