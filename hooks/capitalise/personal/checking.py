"""What is told of people's data in a product or a term, and what an editor acknowledged.

An acknowledgement covers one value, as it is written: a new number beside it is told, and so is one that covers
nothing any more.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import PurePosixPath
from typing import Any

from capitalise import limits
from capitalise.frontmatter import Document, Path_, line_of
from capitalise.model import Acknowledgement, Fields
from capitalise.personal.finding import find
from capitalise.personal.found import hint, key
from capitalise.problems import Problem

CODE = "personal-data"

Covered = set[tuple[str, str]]
"""Code and key of what was found and is acknowledged."""

_NOT_READ = frozenset({"translation_of", "orcid", "file", "poster", "revision"})
"""Fields without a word of anybody's: a hash, a checked identifier; and names of files, which are read apart."""
_DECIDED = frozenset({"code", "value", "date"})
"""What an acknowledgement repeats."""
_FIGURES = frozenset({"value", "number", "lat", "lon"})
_LEAST_NUMBER = 10_000_000
"""A whole number without quotes, other than a figure, that may be a telephone number."""

Row = tuple[int, str]
"""Line of the file, and a text that stands there."""

Lines = Mapping[Path_, int]
"""The line of each value of a YAML text, by its path."""


def covers(fields: Fields, code: str, value: str, covered: Covered) -> bool:
    """Whether a value that a check found is acknowledged; `covered` notes it."""
    found = (code, key(value))
    if any((one.code, key(one.value)) == found for one in fields.acknowledged):
        covered.add(found)
        return True
    return False


def in_text(document: Document, fields: Fields, attachments: Iterable[str], covered: Covered) -> Iterator[Problem]:
    """The data of people in a product's text: front matter, body, and the names of `attachments`."""
    rows = list(values(document.meta, document.lines))
    body = [(document.body_line + number, line) for number, line in enumerate(document.body.split("\n"))]
    for part, lines, sort in ((rows, body, ""), (list(_names(document, attachments)), (), "file-name")):
        yield from told(document.file, part, lines, fields.acknowledged, fields.countries, covered, sort)


def told(
    file: str,
    rows: Sequence[Row],
    body: Sequence[Row],
    acknowledged: Sequence[Acknowledgement],
    countries: Iterable[str],
    covered: Covered,
    sort: str = "",
) -> Iterator[Problem]:
    """The data of people in texts that stand apart, and in one whose lines follow each other.

    `sort` is what is said of them, where it is not what was found.
    """
    apart = [row for line, text in rows for row in ((line, text), (line, ""))]
    lines = [*apart, *body]
    known = {key(one.value) for one in acknowledged if one.code == CODE}
    seen: set[tuple[int, str]] = set()
    for number, found in find("\n".join(text for _, text in lines), countries):
        line, same = lines[number][0], key(found.value)
        if same in known:
            covered.add((CODE, same))
        elif (line, same) not in seen:
            seen.add((line, same))
            if len(seen) <= limits.MAX_PERSONAL_DATA:
                yield Problem(file, line, CODE, sort or found.sort, {"shown": hint(found.value)})
    if len(seen) > limits.MAX_PERSONAL_DATA:
        yield Problem(file, 1, CODE, "more", {"number": limits.MAX_PERSONAL_DATA})


def stale(
    file: str, acknowledged: Sequence[Acknowledgement], covered: Covered, lines: Lines, path: Path_ = ()
) -> Iterator[Problem]:
    """The acknowledgements of an original, or of the term that stands at `path`, that cover nothing."""
    for index, one in enumerate(acknowledged):
        if (one.code, key(one.value)) not in covered:
            values = {"shown": hint(one.value), "what": str(one.code)}
            line = line_of(lines, (*path, "acknowledged", index))
            yield Problem(file, line, "stale-acknowledgement", values=values)


# -------------------------------------------------------------------------------- what is read


def values(meta: Any, lines: Lines, path: Path_ = ()) -> Iterator[Row]:
    """Every text of a front matter or of a term, each in one line."""
    if isinstance(meta, Mapping):
        for name, value in meta.items():
            if name not in _NOT_READ and not ("acknowledged" in path and name in _DECIDED):
                yield from values(value, lines, (*path, name))
    elif isinstance(meta, list):
        for index, value in enumerate(meta):
            yield from values(value, lines, (*path, index))
    elif isinstance(meta, str) or (type(meta) is int and meta >= _LEAST_NUMBER and path[-1] not in _FIGURES):
        yield line_of(lines, path), " ".join(str(meta).split("\n"))


def _names(document: Document, attachments: Iterable[str]) -> Iterator[Row]:
    """Names of files as words, at the line that mentions them."""
    mentioned: dict[str, int] = {}
    for path, line in document.lines.items():
        if path[-1] in ("file", "poster"):
            mentioned.setdefault(str(_at(document.meta, path)), line)
    for name in attachments:
        words = re.sub(r"_|(?<=\w)-(?=\w)", " ", PurePosixPath(name).stem)
        yield mentioned.get(name, 1), words


def _at(meta: Any, path: Path_) -> Any:
    """The value at a path; None where a key that was given twice has taken its place."""
    for step in path:
        try:
            meta = meta[step]
        except (KeyError, IndexError, TypeError):
            return None
    return meta
