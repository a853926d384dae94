"""A contributed file, read with care: encoding, front matter, values and the line each stands on.

The front matter is built from libyaml's *events*, not by its constructors, because each known trap sits in a
later stage: aliases that explode, tags that build objects, duplicate keys silently lost, `NO` read as false,
`12:30` read as 750, and a composer that crashes the interpreter on 30,000 nested brackets.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from capitalise import limits, shape
from capitalise.problems import Problem

Path_ = tuple[Any, ...]
"""Where a value stands in the front matter: `("sources", 0, "year")`."""

_OPENING = re.compile(r"\A---[ \t]*\n")
_CLOSING = re.compile(r"^(?:---|\.\.\.)[ \t]*$", re.MULTILINE)
_INT = re.compile(r"[-+]?(?:0|[1-9][0-9]*)\Z")
_FLOAT = re.compile(r"[-+]?(?:0|[1-9][0-9]*)\.[0-9]+(?:[eE][-+]?[0-9]+)?\Z")
_WORDS = {"true": True, "false": False, "null": None, "~": None, "": None}


class Unreadable(Exception):
    """The file can't be read at all; `problem` says why."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem.code)
        self.problem = problem


@dataclass(frozen=True)
class Document:
    """A file taken apart."""

    file: str
    meta: dict[str, Any]
    body: str
    body_line: int = 1
    """Line of the file on which the body begins."""
    lines: dict[Path_, int] = field(default_factory=dict)
    problems: tuple[Problem, ...] = ()
    text: str = field(default="", repr=False, compare=False)
    """The whole file."""

    def line(self, *path: Any) -> int:
        """The line of a value, or of the nearest thing that holds it."""
        return line_of(self.lines, path)


def line_of(lines: Mapping[Path_, int], path: Path_) -> int:
    """The line of a value of a YAML text, or of the nearest thing that holds it."""
    while path and path not in lines:
        path = path[:-1]
    return lines.get(path, 1)


_LEVEL = 3
"""Of compression: half again as much would be gained in three times the time."""


@dataclass(frozen=True, slots=True)
class Packed:
    """A document as a library holds it: compressed, and taken apart again where somebody asks.

    Ten thousand sheets would otherwise take a gigabyte; and the file may have changed since it was checked.
    """

    file: str
    data: bytes
    like: bytes
    """What it was compressed beside: a text in the same language."""
    body_start: int
    body_line: int

    @classmethod
    def of(cls, document: Document, like: bytes) -> Packed:
        """A document that was read from a text."""
        start = len(document.text) - len(document.body)
        squeeze = zlib.compressobj(_LEVEL, zdict=like)
        data = squeeze.compress(document.text.encode()) + squeeze.flush()
        return cls(document.file, data, like, start, document.body_line)

    @property
    def text(self) -> str:
        """The whole file."""
        return zlib.decompressobj(zdict=self.like).decompress(self.data).decode()

    @property
    def body(self) -> str:
        """What follows the front matter."""
        return self.text[self.body_start :]

    @property
    def document(self) -> Document:
        """All of it."""
        return parse(self.text, self.file)


def dotted(path: Path_) -> str:
    """`sources[2].year`, counted from 1 as people do."""
    text = ""
    for step in path:
        text += f"[{step + 1}]" if isinstance(step, int) else f".{step}" if text else str(step)
    return text


def read_text(path: Path, name: str) -> str:
    """The text of a file in UTF-8, with `\\n` line ends and no byte order mark.

    Raises `Unreadable` when it is too large, empty or in another encoding.
    """
    if (size := path.stat().st_size) > limits.MAX_TEXT_BYTES:
        raise Unreadable(Problem(name, 1, "file-too-large", "text", _megabytes(size, limits.MAX_TEXT_BYTES)))
    data = path.read_bytes()
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        raise Unreadable(Problem(name, line, "bad-encoding")) from None
    if "\x00" in text:
        raise Unreadable(Problem(name, text[: text.index("\x00")].count("\n") + 1, "bad-encoding"))
    if text.isspace() or not text:
        raise Unreadable(Problem(name, 1, "empty-file"))
    return text.replace("\r\n", "\n").replace("\r", "\n") if "\r" in text else text


def read(path: Path, name: str) -> Document:
    """A Markdown file with its front matter. Raises `Unreadable`."""
    return parse(read_text(path, name), name)


def parse(text: str, name: str) -> Document:
    """The same from the text of a file, its line ends `\\n`. Raises `Unreadable`."""
    opening = _OPENING.match(text)
    if not opening:
        raise Unreadable(Problem(name, 1, "bad-yaml", "no-front-matter"))
    closing = _CLOSING.search(text, opening.end())
    if not closing:
        raise Unreadable(Problem(name, 1, "bad-yaml", "not-closed"))
    meta, lines, problems = parse_yaml(text[opening.end() : closing.start()], name, first_line=2)
    if meta is None:
        meta = {}
    if not isinstance(meta, dict):
        raise Unreadable(Problem(name, 2, "bad-yaml", "not-fields"))
    body_start = min(closing.end() + 1, len(text))
    body, body_line = text[body_start:], text.count("\n", 0, body_start) + 1
    _refuse_shape(body, name, body_line)
    return Document(name, meta, body, body_line, lines, tuple(problems), text)


def page_fault(path: Path, name: str) -> Problem | None:
    """Why a page of `docs/` can't be given to MkDocs, which reads front matter with libyaml's composer and turns any
    shape of text into HTML; None where it can. Such a page may do without a front matter."""
    try:
        text = read_text(path, name)
        if _OPENING.match(text) and _CLOSING.search(text, 3):
            parse(text, name)
        else:
            _refuse_shape(text, name, 1)
    except Unreadable as error:
        return error.problem
    return None


def _refuse_shape(body: str, name: str, first_line: int) -> None:
    """Raises `Unreadable` for a body that no person writes."""
    if found := shape.fault(body):
        line = first_line + found.line
        raise Unreadable(Problem(name, line, "too-complex", found.what, {"limit": float(found.limit)}))


def parse_yaml(
    text: str,
    name: str,
    first_line: int = 1,
    max_chars: int = limits.MAX_FRONT_MATTER_CHARS,
    max_values: int = limits.MAX_YAML_VALUES,
):
    """Values of a YAML text, the line of each, and the keys that were given twice.

    Scalars are null, true, false, an integer, a decimal number, or a text: never a date, an octal, a sexagesimal
    number or the `NO` of Norway turned into false. Raises `Unreadable` for what is not YAML, or is YAML that no
    contributor needs: aliases, tags, several documents, deep nesting, thousands of values.
    """
    if len(text) > max_chars:
        raise Unreadable(Problem(name, first_line, "file-too-large", "front-matter", {"limit": max_chars // 1024}))
    reader = _Reader(name, first_line, max_values)
    try:
        next_event = yaml.CSafeLoader(text).get_event  # `yaml.parse` asks for each event twice
        while type(event := next_event()) is not yaml.StreamEndEvent:
            reader.take(event)
    except yaml.MarkedYAMLError as error:
        # Of a quotation mark or a bracket that is not closed, the place where it was opened.
        opened = re.search("quoted scalar|flow", error.context or "") and error.context_mark
        mark = opened or error.problem_mark or error.context_mark
        line = first_line + (mark.line if mark else 0)
        raise Unreadable(_explain(text, name, line, mark.line if mark else 0)) from None
    except yaml.YAMLError:
        raise Unreadable(Problem(name, first_line, "bad-yaml", "syntax")) from None
    return reader.value, reader.lines, reader.problems


class _Reader:
    """Builds values from YAML events, one by one, without recursion."""

    def __init__(self, name: str, first_line: int, most: int) -> None:
        self.name, self.first_line, self.most = name, first_line, most
        self.value: Any = None
        self.lines: dict[Path_, int] = {}
        self.problems: list[Problem] = []
        self._stack: list[tuple[Path_, Any]] = []  # the open lists and mappings, with their paths
        self._in_mapping = False  # whether the innermost is a mapping
        self._key: Any = _NO_KEY  # the key read last in the innermost mapping
        self._documents = self._values = 0

    def take(self, event: yaml.Event) -> None:
        kind = type(event)
        if kind is yaml.MappingEndEvent or kind is yaml.SequenceEndEvent:
            self._stack.pop()
            self._in_mapping = bool(self._stack) and type(self._stack[-1][1]) is dict
            self._key = _NO_KEY
            return
        line = self.first_line + event.start_mark.line
        if kind is yaml.AliasEvent or getattr(event, "anchor", None):
            raise Unreadable(Problem(self.name, line, "bad-yaml", "alias"))
        if (tag := getattr(event, "tag", None)) is not None and tag != "!":
            raise Unreadable(Problem(self.name, line, "bad-yaml", "tag"))
        if isinstance(event, yaml.NodeEvent):
            self._values += 1
            if self._values > self.most:
                raise Unreadable(Problem(self.name, line, "bad-yaml", "values", {"limit": self.most}))
        if kind is yaml.ScalarEvent:
            self._scalar(event, line)
        elif kind is yaml.MappingStartEvent:
            self._open({}, line)
        elif kind is yaml.SequenceStartEvent:
            self._open([], line)
        elif kind is yaml.DocumentStartEvent:
            self._documents += 1
            if self._documents > 1:
                raise Unreadable(Problem(self.name, line, "bad-yaml", "syntax"))

    def _scalar(self, event: yaml.ScalarEvent, line: int) -> None:
        if self._in_mapping and self._key is _NO_KEY:
            self._key = key = event.value
            path, mapping = self._stack[-1]
            path = (*path, key)
            if key in mapping:
                values = {"field": key, "first": self.lines.get(path, line)}
                self.problems.append(Problem(self.name, line, "duplicate-key", values=values))
            self.lines.setdefault(path, line)
        else:
            self._put(event.value if event.style else _plain(event.value), line)

    def _open(self, collection: Any, line: int) -> None:
        if self._in_mapping and self._key is _NO_KEY:  # a list or mapping as a key
            raise Unreadable(Problem(self.name, line, "bad-yaml", "syntax"))
        if len(self._stack) >= limits.MAX_YAML_DEPTH:
            raise Unreadable(Problem(self.name, line, "bad-yaml", "depth", {"limit": limits.MAX_YAML_DEPTH}))
        path = self._put(collection, line)
        self._stack.append((path, collection))
        self._in_mapping = type(collection) is dict
        self._key = _NO_KEY

    def _put(self, value: Any, line: int) -> Path_:
        """Adds a value where the reader stands; returns its path."""
        if not self._stack:
            self.value = value
            return ()
        path, holder = self._stack[-1]
        if self._in_mapping:
            path = (*path, self._key)
            holder.setdefault(self._key, value)  # of two equal keys the first counts; both are reported
            self._key = _NO_KEY
        else:
            path = (*path, len(holder))
            holder.append(value)
            self.lines.setdefault(path, line)
        return path


_NO_KEY = object()


def _plain(text: str) -> Any:
    """The value of a scalar without quotes."""
    if text in _WORDS:
        return _WORDS[text]
    if text[0] not in "+-0123456789":
        return text
    if _INT.match(text) and len(text) <= 18:
        return int(text)
    if _FLOAT.match(text) and repr(float(text)) == text:  # `1.10` may be a title: text, which can become a number
        return float(text)
    return text


def _explain(text: str, name: str, line: int, index: int) -> Problem:
    """The usual reason why a line of front matter is not YAML."""
    lines = text.split("\n")
    # libyaml often complains one line after the fault
    for number in (index, index - 1):
        if not 0 <= number < len(lines):
            continue
        bad = lines[number]
        where = line + number - index
        if "\t" in bad[: len(bad) - len(bad.lstrip())] or bad.lstrip(" ").startswith("\t"):
            return Problem(name, where, "bad-yaml", "tab")
        if re.match(r"""\s*(?:- )?[\w-]+:\s+[^"'\[{|>].*:(?:\s|$)""", bad):
            return Problem(name, where, "bad-yaml", "colon", {"text": bad.strip()[:80]})
    return Problem(name, line, "bad-yaml", "syntax")


def _megabytes(size: int, limit: int) -> dict[str, float]:
    return {"size": size / 1e6, "limit": limit / 1e6}
