"""From one copy to a newer one, in a small file: what the older one has is taken from it.

An update is a zip: `update.json` (from which copy, to which), the new manifest, and each file that the older copy has
not, whole (`new/…`) or, where it has the same page of another day, as what differs (`delta/…`: zlib with the older page
as its dictionary, RFC 1950). It is put on by the same steps as a whole copy (copying.py): so it deletes what was
withdrawn, and a stick pulled out meanwhile opens the older copy or the newer one.
"""

from __future__ import annotations

import hashlib
import json
import zipfile
import zlib
from functools import partial
from pathlib import Path

from capitalise import whole
from capitalise.stick import archive as archives
from capitalise.stick import manifest
from capitalise.stick.about import About
from capitalise.stick.contents import Contents, Source, content
from capitalise.stick.manifest import FOLDER, Manifest, NotAManifest

_TOLD = "update.json"
_WINDOW = 1 << 15
"""What zlib can look back."""
MOST = 1 << 30
"""Bytes of one file of an update: what claims to be larger was not made by us."""


class NoCopy(Exception):
    """There is no copy, or none whose list can be trusted."""


class Damaged(Exception):
    """The update is not whole, or was not made by us."""


class Another(Exception):
    """The update begins with another copy than the one there."""

    def __init__(self, wanted: str, found: str) -> None:
        super().__init__(wanted, found)
        self.wanted, self.found = wanted, found


class Spoilt(Exception):
    """A file of the older copy, of which the newer one needs what it held, is no longer as it was."""

    def __init__(self, path: str) -> None:
        super().__init__(path)
        self.path = path


def of(dest: Path) -> Manifest:
    """The copy in a folder. Raises `NoCopy`."""
    try:
        found = manifest.read(dest / manifest.NAME)
    except (NotAManifest, OSError) as error:
        raise NoCopy(str(dest)) from error
    if found is None:
        raise NoCopy(str(dest))
    return found


def write(made: Contents, old: Path, target: Path) -> tuple[int, list[str]]:
    """Writes the update from the copy in `old` to the copy `made`, whole or not at all.

    Gives its bytes, and the pages that it takes away. Raises `NoCopy`, `Spoilt`, `OSError`.
    """
    before, after = of(old), made.manifest
    held = set(before.hashes.values())
    told = {"from": before.number, "to": after.number, "about": json.loads(made.about.text)}
    with whole.beside(target) as new, zipfile.ZipFile(new, "w") as archive:
        put = partial(archives.put, archive, day=made.about.built)
        put(_TOLD, json.dumps(told, ensure_ascii=False, sort_keys=True).encode())
        put(manifest.NAME, after.text.encode())
        for path, digest in sorted(after.hashes.items()):
            if digest in held:
                continue
            found = content(made.sources[path])
            if twin := _twin(path, before, after):
                put(f"delta/{path}", _delta(found, _trusted(old, twin, before)), packed=True)
            else:
                put(f"new/{path}", found)
    kept = {path.split("/", 2)[2] for path in after.pages}
    gone = sorted({path.split("/", 2)[2] for path in before.pages} - kept)
    return target.stat().st_size, [path for path in gone if path.endswith(".html")]


def read(update: Path, dest: Path) -> Contents:
    """The newer copy, from the update and the copy in `dest`, every file of it checked.

    Raises `NoCopy`, `Damaged`, `Another`, `Spoilt`, `OSError`.
    """
    before = of(dest)
    try:
        with zipfile.ZipFile(update) as archive:
            told = json.loads(_get(archive, _TOLD))
            after = manifest.parse(_get(archive, manifest.NAME).decode())
            about = About.of(told["about"])
            if before.number not in (told["from"], after.number):
                raise Another(told["from"], before.number)
            names = set(archive.namelist())
            places = {digest: path for path, digest in before.hashes.items()}
            sources = {path: _source(archive, names, path, dest, before, after, places) for path in after.hashes}
    except (zipfile.BadZipFile, zlib.error, KeyError, ValueError, TypeError, EOFError, NotImplementedError) as error:
        raise Damaged(str(error)) from error
    return Contents(about, after, sources)


def _source(
    archive: zipfile.ZipFile,
    names: set[str],
    path: str,
    dest: Path,
    before: Manifest,
    after: Manifest,
    places: dict[str, str],
) -> Source:
    digest = after.hashes[path]
    if digest in places:  # it may be large: it is read when it is needed, and mostly it stays where it is
        if manifest.check(dest, places[digest], digest):
            raise Spoilt(places[digest])
        return dest / places[digest]
    if f"delta/{path}" in names:
        twin = _twin(path, before, after)
        unpacker = zlib.decompressobj(zdict=_trusted(dest, twin, before)[-_WINDOW:])
        whole = unpacker.decompress(_get(archive, f"delta/{path}"), MOST)
    else:
        whole = _get(archive, f"new/{path}")
    if hashlib.sha256(whole).hexdigest() != digest:
        raise Damaged(path)
    return whole


def _twin(path: str, before: Manifest, after: Manifest) -> str:
    """The file of the older copy at the same place; empty where there was none."""
    start, folder = f"{FOLDER}/{after.number}/", f"{FOLDER}/{before.number}/"
    twin = folder + path.removeprefix(start) if path.startswith(start) else path
    return twin if twin in before.hashes else ""


def _trusted(folder: Path, path: str, listed: Manifest) -> bytes:
    """A file of the older copy, as its list says that it is."""
    try:
        found = (folder / path).read_bytes()
    except OSError as error:
        raise Spoilt(path) from error
    if hashlib.sha256(found).hexdigest() != listed.hashes[path]:
        raise Spoilt(path)
    return found


def _delta(whole: bytes, older: bytes) -> bytes:
    packer = zlib.compressobj(9, zdict=older[-_WINDOW:])
    return packer.compress(whole) + packer.flush()


def _get(archive: zipfile.ZipFile, name: str) -> bytes:
    with archive.open(name) as file:
        found = file.read(MOST + 1)
    if len(found) > MOST:
        raise Damaged(name)
    return found
