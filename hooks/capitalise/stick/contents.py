"""From a built site to what a copy holds: fewer files, safe names, links that lead from file to file."""

from __future__ import annotations

import base64
import hashlib
import posixpath
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from capitalise import data
from capitalise.locales import slug, texts
from capitalise.reading import COLLECTIONS
from capitalise.stick import manifest, names, start_files
from capitalise.stick.about import NAME as ABOUT
from capitalise.stick.about import About
from capitalise.stick.links import Links
from capitalise.stick.manifest import Manifest
from capitalise.values import HANDOUT_TYPES, IMAGE_TYPES, VIDEO_TYPES

Source = Path | bytes
"""Where the bytes of a file are, or the bytes."""

_NOT_USED = re.compile(r"404\.html|sitemap\.xml\.gz|.*\.map|assets/find/[a-z]+/index/.*|" + re.escape(ABOUT))
"""What only a web server needs: the lost visitor's page, and the search index that files can't fetch."""
_ATTACHED = {*HANDOUT_TYPES, *VIDEO_TYPES}
_REDIRECT = b'<meta http-equiv="refresh"'
_TABLE = re.compile(r"assets/find/[a-z]+/cards-\d+\.js|catalogue\.json")
_REFERENCES = {"citation.bib": "application/x-bibtex", "citation.ris": "application/x-research-info-systems"}
assert _REFERENCES.keys() == data.BESIDE.keys()


class Unfit(ValueError):
    """The site holds files that a stick can't."""

    def __init__(self, faults: list[names.Fault]) -> None:
        super().__init__(faults)
        self.faults = faults


class TooLarge(ValueError):
    """Even without the documents the copy is larger than allowed."""

    def __init__(self, size: int) -> None:
        super().__init__(size)
        self.size = size
        """Of the smallest copy, on a stick."""


@dataclass(frozen=True)
class Contents:
    """A whole copy, before it is written."""

    about: About
    manifest: Manifest
    sources: Mapping[str, Source]
    """Path from the folder of the copy → its bytes, for everything but the manifest."""
    left_out: tuple[str, ...] = ()
    """Documents of the site that the copy does not hold."""

    @property
    def sizes(self) -> dict[str, int]:
        """Path → bytes, of every file that is written; the manifest stands in the folder of the pages too."""
        inner = f"{manifest.FOLDER}/{self.manifest.number}/{manifest.NAME}"
        lists = dict.fromkeys((manifest.NAME, inner), len(self.manifest.text.encode()))
        return {path: size(source) for path, source in self.sources.items()} | lists


def size(source: Source) -> int:
    return len(source) if isinstance(source, bytes) else source.stat().st_size


def content(source: Source) -> bytes:
    return source if isinstance(source, bytes) else source.read_bytes()


def assemble(site: Path, *, files: bool = True, max_size: int = 0) -> Contents:
    """The copy of a site that `mkdocs build` made for one.

    `files` tells whether it holds the documents to download; `max_size`, in bytes on a stick, leaves out as many of
    them as it must, the largest first. Raises `Unfit`, `TooLarge`, and `OSError` where the site is none.
    """
    built = _Built(site)
    left_out = list(built.documents) if not files else []
    made = built.contents(left_out)
    spare = sorted(built.documents.keys() - set(left_out), key=lambda path: (-built.documents[path], path))
    while max_size and (total := names.on_stick(made.sizes.items())) > max_size:
        if not spare:
            raise TooLarge(total)
        while spare and total > max_size:
            left_out.append(spare.pop(0))
            total -= -(-built.documents[left_out[-1]] // names.CLUSTER) * names.CLUSTER
        made = built.contents(left_out)
    if faults := list(names.faults(made.sizes.items())):
        raise Unfit(faults)
    return made


class _Built:
    """The site as it was built, its files told apart."""

    def __init__(self, site: Path) -> None:
        self.about = About.read(site / ABOUT)
        self.pages: dict[str, Path] = {}
        self.attached: dict[str, Path] = {}
        self.references: dict[str, Path] = {}
        for path in sorted(site.rglob("*")):
            address = path.relative_to(site).as_posix()
            if not path.is_file() or _NOT_USED.fullmatch(address):
                continue
            if posixpath.basename(address) in _REFERENCES:
                self.references[address] = path
            elif address.startswith(tuple(f"{name}/" for name in COLLECTIONS)) and path.suffix.lower() in _ATTACHED:
                self.attached[address] = path
            elif not (path.suffix == ".html" and _REDIRECT in path.read_bytes()[:1500]):
                self.pages[address] = path
        self.documents = {
            address: path.stat().st_size
            for address, path in self.attached.items()
            if path.suffix.lower() not in IMAGE_TYPES
        }
        """Those to download, with their bytes: what a copy can do without."""
        self._hashes = {address: manifest.digest(path) for address, path in self.attached.items()}

    def contents(self, left_out: Iterable[str]) -> Contents:
        absent = frozenset(left_out)
        places = {address: self._place(address) for address in self.attached if address not in absent}
        links = Links(
            moved={address: f"../{place.removeprefix(f'{manifest.FOLDER}/')}" for address, place in places.items()},
            absent=absent,
            inlined={address: _inlined(address, path) for address, path in self.references.items()},
            web=self.about.address,
            internet=lambda lang: texts(lang if lang in self.about.languages else self.about.languages[0])(
                "copy.internet"
            ),
        )
        pages: dict[str, Source] = {address: _fit(address, path, links) for address, path in self.pages.items()}
        files: dict[str, Source] = {place: self.attached[address] for address, place in places.items()}
        hashes = {address: hashlib.sha256(content(source)).hexdigest() for address, source in pages.items()}
        kept = {place: self._hashes[address] for address, place in places.items()}
        number = manifest.number_of(hashes, kept)
        folder = f"{manifest.FOLDER}/{number}/"
        starts = start_files.files(self.about, number, len(pages) + len(files))
        sources = {f"{folder}{address}": source for address, source in pages.items()} | files | starts
        hashes = {f"{folder}{address}": digest for address, digest in hashes.items()} | kept
        hashes |= {path: hashlib.sha256(start).hexdigest() for path, start in starts.items()}
        return Contents(self.about, Manifest(number, hashes), sources, tuple(sorted(absent)))

    def _place(self, address: str) -> str:
        """A file's place in the copy: its name tells a person what it is, and its hash makes it the only one."""
        stem, suffix = posixpath.splitext(posixpath.basename(address))
        return f"{manifest.FILES}/{slug(stem)[:60] or 'file'}-{self._hashes[address][:12]}{suffix.lower()}"


def _fit(address: str, path: Path, links: Links) -> Source:
    if address.endswith(".html"):
        return links.page(path.read_text("utf-8"), address).encode()
    if _TABLE.fullmatch(address):
        return links.table(path.read_text("utf-8")).encode()
    return path


def _inlined(address: str, path: Path) -> str:
    """A reference as an address that holds it: a file of its own would take a whole cluster for some hundred bytes."""
    kind = _REFERENCES[posixpath.basename(address)]
    return f"data:{kind};charset=utf-8;base64,{base64.b64encode(path.read_bytes()).decode()}"
