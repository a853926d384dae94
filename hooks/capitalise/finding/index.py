"""The search index of a language: Pagefind, its output left as it is; and the same packed for a copy opened as files.

A browser lets no page opened by double click fetch a file, but it runs scripts. So beside its index each file gets a
script that hands it over (`pack`); `overrides/assets/search-files.js` gives these to Pagefind, which does not notice.
"""

from __future__ import annotations

import base64
import gzip
import json
import math
import re
import shutil
import subprocess
import tempfile
from collections.abc import Iterable, Iterator
from pathlib import Path, PurePosixPath

from capitalise.finding.records import Record

VERSION = "1.5.2"
"""The version of Pagefind for which this was written; its layout is no promise of its authors."""
PACK = 64
"""Wanted number of results in a pack: the clusters of a stick are large, and a result is about 3 kB."""
SCRIPTS = ("pagefind-entry.json", "pagefind.js", "pagefind-worker.js")
"""What the engine needs to begin, in one pack."""

_FRAGMENT = re.compile(r"fragment/(?P<lang>[a-z]+_)(?P<hash>[0-9a-f]+)\.pf_fragment")
_DATA = re.compile(
    r"pagefind\.[a-z]+_[0-9a-f]+\.pf_meta|wasm\.[a-z]+\.pagefind"
    r"|index/[a-z]+_[0-9a-f]+\.pf_index"
)
_MARK = b"pagefind_dcd"
"""What each of Pagefind's files begins with, once unpacked."""
_NOT_USED = re.compile(r"pagefind-(?:ui|modular-ui|component-ui|highlight)\b.*")
"""Pagefind's own faces and its highlighter: they import by path, which files can't."""


class Changed(Exception):
    """Pagefind is not the one for which this was written; says in which way."""


def add(record: Record, pages: Path) -> None:
    """Puts a record aside, into the folder of its language that `build` will read."""
    path = pages / (f"{record.address}index.html" if record.address[-1:] in ("", "/") else record.address)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(record.html, "utf-8")


def build(pages: Path, out: Path) -> dict[str, str]:
    """Indexes the records that were put into `pages`, those of one language, into the folder `out`.

    Gives the engine's name of each result by its address, as `add` was told it.
    Raises `Changed` where the engine can't be run, fails, or makes something else than what is known.
    """
    with tempfile.TemporaryDirectory(prefix="capitalise-", dir=pages.parent) as made_in:
        made = Path(made_in)
        _run("--site", str(pages), "--output-path", str(made), "--keep-index-url", "--quiet")
        kept = [name for name in _files(made) if not _NOT_USED.fullmatch(name)]
        check(made, kept)
        shutil.rmtree(out, ignore_errors=True)
        for name in kept:
            path = out / name
            path.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(made / name, path)
    return {_address(out / name): found["hash"] for name in kept if (found := _FRAGMENT.fullmatch(name))}


def _address(fragment: Path) -> str:
    """Where the result of a fragment leads, without a closing `index.html`."""
    data = gzip.decompress(fragment.read_bytes())
    if not data.startswith(_MARK):
        raise Changed(f"{fragment.name}: no {_MARK.decode()}")
    return json.loads(data[len(_MARK) :])["url"].removeprefix("/").removesuffix("index.html")


def _run(*arguments: str) -> None:
    from pagefind.service import get_executable

    program = get_executable()
    if program is None:
        raise Changed("pagefind: no program")
    done = subprocess.run([program, *arguments], capture_output=True, text=True, encoding="utf-8", errors="replace")
    if done.returncode:
        raise Changed((done.stderr or done.stdout).strip()[-500:])


def _files(folder: Path) -> list[str]:
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())


def check(folder: Path, names: Iterable[str]) -> None:
    """Raises `Changed` unless these files are what this version of Pagefind makes, and what its scripts ask for."""
    found = set(names)
    if missing := [name for name in SCRIPTS if name not in found]:
        raise Changed(f"pagefind: no {missing[0]}")
    unknown = [
        name for name in found if name not in SCRIPTS and not _DATA.fullmatch(name) and not _FRAGMENT.fullmatch(name)
    ]
    if unknown:
        raise Changed(f"pagefind: {min(unknown)}")
    entry = json.loads((folder / "pagefind-entry.json").read_text("utf-8"))
    if entry.get("version") != VERSION:
        raise Changed(f"pagefind {entry.get('version')}, not {VERSION}")
    for name, asked in (("pagefind.js", ("fetch(", "new Worker(")), ("pagefind-worker.js", ("fetch(",))):
        text = (folder / name).read_text("utf-8")
        if lacking := [words for words in asked if words not in text]:
            raise Changed(f"{name}: no {lacking[0]}")


def pack(index: Path, out: Path) -> int:
    """Writes into `out` the scripts that hand over the files of an index, and says how many.

    A script calls `capitaliseFiles(name, {path: base64})`, its name being that of the file, or for results that of
    their pack: the language and the first digits of their hash. The first one, `start.js`, also says how many digits.
    """
    names = _files(index)
    check(index, names)
    fragments = [name for name in names if _FRAGMENT.fullmatch(name)]
    digits = max(1, math.ceil(math.log(max(len(fragments) / PACK, 1), 16)))
    packs: dict[str, list[str]] = {"start": list(SCRIPTS)}
    for name in names:
        if name not in SCRIPTS:
            packs.setdefault(pack_of(name, digits), []).append(name)
    shutil.rmtree(out, ignore_errors=True)
    for pack_name, text in _scripts(index, packs, digits):
        path = out / f"{pack_name}.js"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "ascii")
    return len(packs)


def pack_of(name: str, digits: int) -> str:
    """The script that holds a file; `search-files.js` finds it by the same rule."""
    if found := _FRAGMENT.fullmatch(name):
        return f"fragment/{found['lang']}{found['hash'][:digits]}"
    return name


def _scripts(index: Path, packs: dict[str, list[str]], digits: int) -> Iterator[tuple[str, str]]:
    for pack_name, names in packs.items():
        held = {name: base64.b64encode((index / PurePosixPath(name)).read_bytes()).decode() for name in names}
        more = f",{digits}" if pack_name == "start" else ""
        yield pack_name, f"capitaliseFiles({json.dumps(pack_name)},{json.dumps(held, separators=(',', ':'))}{more});\n"
