"""Pagefind, run as the service that it is for other programs: records go in one by one, in our order.

Its command line reads a folder as the disk happens to list it, and numbers the pages so: on two machines the same
records make two indexes, and a copy updated from one to the other is copied anew. The service also reads no settings
from its surroundings. Its own Python module waits a tenth of a second at each record, so its protocol is spoken here:
messages in JSON, in base64, each closed by a comma.
"""

from __future__ import annotations

import base64
import gzip
import hashlib
import json
import re
import subprocess
import tempfile
from collections.abc import Iterable
from functools import cache
from pathlib import Path, PurePosixPath
from typing import Any

VERSION = "1.5.2"
"""The version of Pagefind for which this was written; its layout is no promise of its authors."""
SCRIPTS = ("pagefind-entry.json", "pagefind.js", "pagefind-worker.js")
"""What the engine needs to begin."""
MARK = b"pagefind_dcd"
"""What each of Pagefind's files begins with, once unpacked."""
FRAGMENT = re.compile(r"fragment/(?P<lang>[a-z]+_)(?P<hash>[0-9a-f]+)\.pf_fragment")
DATA = re.compile(
    r"pagefind\.[a-z]+_[0-9a-f]+\.pf_meta|wasm\.[a-z]+\.pagefind"
    r"|index/[a-z]+_[0-9a-f]+\.pf_index"
)

_NOT_USED = re.compile(r"pagefind-(?:ui|modular-ui|component-ui|highlight)\b.*")
"""Pagefind's own faces and its highlighter: they import by path, which files can't."""


class Changed(Exception):
    """Pagefind is not the one for which this was written; says in which way."""


def make(records: Iterable[tuple[str, str]], out: Path) -> None:
    """Indexes records of one language, address within the site and HTML each, in this order, into the new folder `out`.

    Raises `Changed` where the engine can't be run, fails, or makes something else than what is known.
    """
    with tempfile.TemporaryFile() as said:
        process = _start(said)
        try:
            _tell(process, type="NewIndex", config={"keep_index_url": True})
            for address, html in records:
                _tell(process, type="AddFile", index_id=0, url=f"/{address}", file_contents=html)
            # Not `WriteFiles`: its answer comes while the files are still being written.
            made = _tell(process, type="GetFiles", index_id=0)["files"]
        except (OSError, EOFError):
            process.kill()
            process.wait()
            said.seek(0)
            raise Changed(said.read().decode("utf-8", "replace").strip()[-500:] or "pagefind: it ended") from None
        finally:
            process.kill()
            process.communicate()
    for file in made:
        if not _NOT_USED.fullmatch(file["path"]):
            path = out / PurePosixPath(file["path"].replace("\\", "/"))
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(base64.b64decode(file["content"]))
    check(out, files(out))


def _start(said: Any) -> subprocess.Popen[bytes]:
    try:
        return subprocess.Popen([_program(), "--service"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=said)
    except OSError as error:
        raise Changed(f"pagefind: {error.strerror}") from None


def _program() -> Path:
    from pagefind.service import get_executable

    program = get_executable()
    if program is None:
        raise Changed("pagefind: no program")
    return program


@cache
def identity() -> str:
    """Which program makes the index: what it makes may be kept, and given again, for the very same one alone."""
    try:
        with open(_program(), "rb") as program:
            return hashlib.file_digest(program, "sha256").hexdigest()
    except OSError as error:
        raise Changed(f"pagefind: {error.strerror}") from None


def _tell(process: subprocess.Popen[bytes], **message: Any) -> dict[str, Any]:
    """Sends a message and gives the answer. Raises `EOFError` where the program has ended, `Changed` on a fault."""
    assert process.stdin and process.stdout
    text = json.dumps({"message_id": 1, "payload": message}, ensure_ascii=False)
    process.stdin.write(base64.b64encode(text.encode()) + b",")
    process.stdin.flush()
    heard = [b""]
    while not heard[-1].endswith(b","):
        heard.append(process.stdout.read1(1 << 20))  # type: ignore[attr-defined]  # a BufferedReader
        if not heard[-1]:
            raise EOFError
    said = b"".join(heard)[:-1]
    del heard
    try:
        answer = json.loads(base64.b64decode(said))["payload"]
        if answer["type"] == "Error":
            raise Changed(f"pagefind: {answer['message']}")
    except (ValueError, KeyError, TypeError):
        raise Changed(f"pagefind: {said[:80]!r}") from None
    return answer


def files(folder: Path) -> list[str]:
    """The files of a folder, by their path within it, in order."""
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())


def check(folder: Path, names: Iterable[str]) -> None:
    """Raises `Changed` unless these files are what this version of Pagefind makes, and what its scripts ask for."""
    found = set(names)
    if missing := [name for name in SCRIPTS if name not in found]:
        raise Changed(f"pagefind: no {missing[0]}")
    unknown = [
        name for name in found if name not in SCRIPTS and not DATA.fullmatch(name) and not FRAGMENT.fullmatch(name)
    ]
    if unknown:
        raise Changed(f"pagefind: {min(unknown)}")
    entry = json.loads((folder / "pagefind-entry.json").read_text("utf-8"))
    if entry.get("version") != VERSION:
        raise Changed(f"pagefind {entry.get('version')}, not {VERSION}")
    for name, asked in (("pagefind.js", ("fetch(", "new Worker(")), ("pagefind-worker.js", ("fetch(", "mergeIndex"))):
        text = (folder / name).read_text("utf-8")
        if lacking := [words for words in asked if words not in text]:
            raise Changed(f"{name}: no {lacking[0]}")


def names(folder: Path) -> dict[str, str]:
    """The engine's name of each result of an index, by the address of the record, as `make` was told it."""
    return {address(folder / name): found["hash"] for name in files(folder) if (found := FRAGMENT.fullmatch(name))}


def address(fragment: Path) -> str:
    """Where the result of a fragment leads."""
    data = gzip.decompress(fragment.read_bytes())
    if not data.startswith(MARK):
        raise Changed(f"{fragment.name}: no {MARK.decode()}")
    return json.loads(data[len(MARK) :])["url"].removeprefix("/")
