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
import time
import zlib
from collections.abc import Iterable, Iterator
from pathlib import Path, PurePosixPath
from typing import Any

from capitalise.finding.records import Record

VERSION = "1.5.2"
"""The version of Pagefind for which this was written; its layout is no promise of its authors."""
PACK = 64
"""Wanted number of results in a pack: the clusters of a stick are large, and a result is about 3 kB."""
PATIENCE = 5
"""Seconds without one more whole file after which the engine is taken to have failed."""
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
        _run(pages, made)
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


def _run(pages: Path, made: Path) -> None:
    """Hands the records to the engine in the order of their names, one at a time.

    What it makes depends on that order, and of a folder it takes the files as the disk lists them: every disk has its
    own order. Its protocol: JSON in base64, each message closed by a comma, as in its own `pagefind.service`.
    """
    from pagefind.service import get_executable

    program = get_executable()
    if program is None:
        raise Changed("pagefind: no program")
    with subprocess.Popen([program, "--service"], stdin=subprocess.PIPE, stdout=subprocess.PIPE) as engine:
        try:
            config = {"keep_index_url": True}
            number = _ask(engine, type="NewIndex", config=config)["index_id"]
            for name in _files(pages):
                text = (pages / name).read_text("utf-8")
                _ask(engine, type="AddFile", index_id=number, file_path=name, url=None, file_contents=text)
            _ask(engine, type="WriteFiles", index_id=number, output_path=str(made))
            _wait_for(made)
        except BaseException:
            engine.kill()
            raise
        engine.stdin.close()  # type: ignore[union-attr]
        if engine.wait():
            raise Changed(f"pagefind: {engine.returncode}")


def _wait_for(made: Path) -> None:
    """The engine answers before its last bytes are written, and does not say when the disk refuses them.

    Each file is there by then, empty or not; those that are not packed are written in one piece. Raises `Changed` where
    nothing more comes.
    """
    waiting = _files(made)
    limit = time.monotonic() + PATIENCE
    while waiting:
        left = [name for name in waiting if not _is_whole((made / name).read_bytes())]
        if len(left) < len(waiting):
            limit = time.monotonic() + PATIENCE
        elif time.monotonic() > limit:
            raise Changed(f"pagefind: {left[0]}")
        waiting = left
        if waiting:
            time.sleep(0.02)


def _is_whole(data: bytes) -> bool:
    if not data.startswith(b"\x1f\x8b"):  # not packed
        return bool(data)
    try:
        return bool(gzip.decompress(data))
    except (OSError, EOFError, zlib.error):
        return False


def _ask(engine: subprocess.Popen[bytes], **payload: object) -> dict[str, Any]:
    """Sends a message to the engine and waits for its answer. Raises `Changed` where it fails."""
    assert engine.stdin and engine.stdout
    try:
        engine.stdin.write(base64.b64encode(json.dumps({"message_id": 1, "payload": payload}).encode()) + b",")
        engine.stdin.flush()
        answer = b""
        while not answer.endswith(b","):
            part = engine.stdout.read1()
            if not part:
                raise Changed(f"pagefind: {payload['type']}")
            answer += part
        told = json.loads(base64.b64decode(answer[:-1]))["payload"]
    except (OSError, ValueError, KeyError) as error:
        raise Changed(f"pagefind: {error}") from None
    if told.get("type") == "Error":
        raise Changed(str(told.get("message", ""))[-500:])
    return told


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
