"""The search index of a language: records go in, Pagefind's files come out; and the same packed for a copy of files.

Pagefind holds all that it indexes in memory, some 40 times the size of the records. So where a language has too many,
they are divided among several indexes, which the browser searches as one (Pagefind's `mergeIndex`). An index that lacks
a word would answer with ever shorter beginnings of it: so each part also has a page of all words of the language, at no
address and of no weight, and answers as the whole would. `overrides/assets/search.js` leaves these pages out.

A browser lets no page opened by double click fetch a file, but it runs scripts. So beside its index each file gets a
script that hands it over (`pack`); `overrides/assets/search-files.js` gives these to Pagefind, which does not notice.
"""

from __future__ import annotations

import base64
import hashlib
import json
import math
import os
import re
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path, PurePosixPath
from typing import Any, NamedTuple

from capitalise.finding import engine
from capitalise.finding.engine import FRAGMENT, SCRIPTS, Changed
from capitalise.finding.records import Record
from capitalise.finding.shelf import Shelf
from capitalise.finding.spelling import Words, every_word

__all__ = ["Changed", "Index", "add", "build", "pack"]

PART = 30_000_000
"""Bytes of records in one index, some 3,500 sheets of 900 words: Pagefind takes 1.6 GB of memory for them."""
LEAST_PART = 10_000
"""Fewer would be a slip of the pen: a reader's first search asks each part."""
PACK = 64
"""Wanted number of results in a pack: the clusters of a stick are large, and a result is about 3 kB."""

_LAYOUT = 1
"""Another number whenever this module makes something else of the same records: what was kept is then made anew."""
_BODY = "<body data-pagefind-body>"
_WORDS = ".words"
"""Address of the page of all words; of no page of a site."""
_OF_PART = re.compile(r"(?:[2-9]|[1-9]\d+)/")


class Index(NamedTuple):
    """What the tables of a language need to know of its index."""

    names: dict[str, str]
    """Address of each record, without a closing `index.html` → the engine's name of its result."""
    vocabularies: list[str]
    """The engine's names of the pages of all words, one for each part; empty where the index has no parts."""
    spelling: list[str]
    """Words for "did you mean", the frequent ones first."""


class _Waiting(NamedTuple):
    """The records of a folder, in the order in which they are indexed."""

    pages: Path
    digests: dict[str, bytes]
    """Path of each within the folder → SHA-256 of its content."""
    size: int

    @classmethod
    def of(cls, pages: Path) -> _Waiting:
        digests: dict[str, bytes] = {}
        size = 0
        for name in engine.files(pages):
            content = (pages / name).read_bytes()
            digests[name] = hashlib.sha256(content).digest()
            size += len(content)
        return cls(pages, digests, size)

    def html(self, name: str) -> str:
        """A record."""
        return (self.pages / name).read_text("utf-8")

    def key(self, *more: object) -> str:
        """A name for what is made of these records, and of whatever else it depends on."""
        digest = hashlib.sha256(repr(more).encode())
        for name, content in self.digests.items():
            digest.update(hashlib.sha256(name.encode()).digest() + content)
        return digest.hexdigest()


def add(record: Record, pages: Path) -> None:
    """Puts a record aside, into the folder of its language that `build` will read."""
    path = pages / (f"{record.address}index.html" if record.address[-1:] in ("", "/") else record.address)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(record.html, "utf-8", newline="")


def build(
    pages: Path,
    out: Path,
    *,
    packed: Path | None = None,
    shelf: Shelf | None = None,
    part: int = PART,
) -> Index:
    """Indexes the records that were put into `pages`, those of one language, into the folder `out`, which is replaced.

    With `packed`, that folder gets the same for a copy of files. What `shelf` has kept of the same records is not made
    again. Of more than `part` bytes of records, several indexes are made. The same records give the same bytes.

    Raises `Changed` where the engine can't be run, fails, or makes something else than what is known; `OSError`. `out`
    is then as it was.
    """
    waiting = _Waiting.of(pages)
    number = max(1, math.ceil(waiting.size / part))
    key = waiting.key(_LAYOUT, engine.identity(), number)

    def made(folder: Path) -> dict[str, Any]:
        return _make(waiting, folder, number)._asdict()

    index = Index(**_kept(shelf, key, out, made))
    if packed is not None:
        _kept(shelf, f"{key}-packed", packed, lambda folder: {"scripts": pack(out, folder)})
    return index


def _kept(shelf: Shelf | None, key: str, out: Path, make: Callable[[Path], dict[str, Any]]) -> dict[str, Any]:
    """Has a folder from the shelf, or makes it and puts it there; says what was said when it was made."""
    new = out.with_name(f".{out.name}.{os.getpid()}.new")  # beside it: only a name changes at the end
    shutil.rmtree(new, ignore_errors=True)
    new.parent.mkdir(parents=True, exist_ok=True)
    try:
        about = shelf.give(key, new) if shelf else None
        if about is None:
            shutil.rmtree(new, ignore_errors=True)
            about = make(new)
            if shelf:
                shelf.keep(key, new, about)
        shutil.rmtree(out, ignore_errors=True)
        os.replace(new, out)
    finally:
        shutil.rmtree(new, ignore_errors=True)
    return about


def _make(waiting: _Waiting, out: Path, parts: int) -> Index:
    words, groups = Words(), _divided(waiting, parts)
    for name in waiting.digests:
        words.add(Record(name, waiting.html(name)))
    page = _page_of_words(waiting) if len(groups) > 1 else ""
    names: dict[str, str] = {}
    vocabularies: list[str] = []
    for number, group in enumerate(groups, 1):
        folder = out / str(number) if number > 1 else out
        found = _make_part(waiting, group, page, number, folder, {*names.values(), *vocabularies})
        if page:
            vocabularies.append(found.pop(_WORDS))
        if number > 1:  # the first part's programs serve all
            for name in engine.files(folder):
                if name in SCRIPTS[1:] or name.startswith("wasm."):
                    (folder / name).unlink()
        names |= found
    return Index(
        {name.removesuffix("index.html"): found for name, found in names.items()}, vocabularies, words.frequent()
    )


def _divided(waiting: _Waiting, number: int) -> list[list[str]]:
    """The records of each part: chosen by a hash of their address, so that all parts say much the same.

    A word then weighs in each about what it weighs in the whole, and results of several parts can be put in one order.
    """
    groups: list[list[str]] = [[] for _ in range(number)]
    for name in waiting.digests:
        groups[int.from_bytes(hashlib.sha256(name.encode()).digest()[:8]) % number].append(name)
    return [group for group in groups if group] or [[]]


def _page_of_words(waiting: _Waiting) -> str:
    words = every_word(waiting.html(name) for name in waiting.digests)
    lang = re.match(r'<html lang="[^"]*">', waiting.html(next(iter(waiting.digests))))
    return f'{lang[0] if lang else ""}{_BODY}<p data-pagefind-weight="0">{" ".join(words)}</p>'


def _make_part(
    waiting: _Waiting, group: list[str], page: str, number: int, out: Path, taken: set[str]
) -> dict[str, str]:
    """An index of some records: the engine's names by address. None is in `taken`.

    The engine shortens its names to what tells them apart in one index. Where two parts have the same name, the later
    record says once more, to no reader, that it is another one.
    """
    again = {_WORDS: number}

    def records() -> Iterator[tuple[str, str]]:
        for name in [*group, *([_WORDS] if page else [])]:
            mark = f'<i data-pagefind-meta="again:{again[name]}"></i>' if name in again else ""
            html = page if name == _WORDS else waiting.html(name)
            yield name, html.replace(_BODY, _BODY + mark, 1)

    while True:
        shutil.rmtree(out, ignore_errors=True)
        engine.make(records(), out)
        names = engine.names(out)
        twins = [name for name, found in names.items() if found in taken]
        if not twins:
            return names
        again |= {name: again.get(name, 0) + 1 for name in twins}


def pack(index: Path, out: Path) -> int:
    """Writes into `out` the scripts that hand over the files of an index, and says how many.

    A script calls `capitaliseFiles(name, {path: base64})`, its name being that of the file, or for results that of
    their pack: the language and the first digits of their hash. The first one, `start.js`, also says how many digits.
    """
    names = engine.files(index)
    _check(index, names)
    fragments = sum(bool(FRAGMENT.fullmatch(_OF_PART.sub("", name, count=1))) for name in names)
    digits = max(1, math.ceil(math.log(max(fragments / PACK, 1), 16)))
    packs: dict[str, list[str]] = {"start": []}
    for name in names:
        packs.setdefault(pack_of(name, digits), []).append(name)
    shutil.rmtree(out, ignore_errors=True)
    for pack_name, text in _scripts(index, packs, digits):
        path = out / f"{pack_name}.js"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "ascii", newline="")
    return len(packs)


def _check(index: Path, names: list[str]) -> None:
    engine.check(index, [name for name in names if not _OF_PART.match(name)])
    for name in names:
        if found := _OF_PART.match(name):
            rest = name[found.end() :]
            if rest != SCRIPTS[0] and not engine.DATA.fullmatch(rest) and not FRAGMENT.fullmatch(rest):
                raise Changed(f"pagefind: {name}")


def pack_of(name: str, digits: int) -> str:
    """The script that holds a file; `search-files.js` finds it by the same rule."""
    own = _OF_PART.sub("", name, count=1)
    if found := FRAGMENT.fullmatch(own):  # names of results are different in all parts
        return f"fragment/{found['lang']}{found['hash'][:digits]}"
    return "start" if own in SCRIPTS else name


def _scripts(index: Path, packs: dict[str, list[str]], digits: int) -> Iterator[tuple[str, str]]:
    for pack_name, names in packs.items():
        held = {name: base64.b64encode((index / PurePosixPath(name)).read_bytes()).decode() for name in names}
        more = f",{digits}" if pack_name == "start" else ""
        yield pack_name, f"capitaliseFiles({json.dumps(pack_name)},{json.dumps(held, separators=(',', ':'))}{more});\n"
