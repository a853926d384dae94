"""The ways into the program, each with well-made files from which the spoilt ones are made."""

from __future__ import annotations

import hashlib
import io
import json
import re
import sys
import tempfile
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import cache, partial
from html.parser import HTMLParser
from pathlib import Path
from random import Random
from typing import Any

ROOT = Path(__file__).parents[1]
sys.path[:0] = [str(ROOT / "hooks"), str(ROOT / "tests")]

import documents  # noqa: E402
import samples  # noqa: E402

from capitalise import data, drawings, frontmatter, reading, vocabularies  # noqa: E402
from capitalise.addresses import Addresses  # noqa: E402
from capitalise.importing import guard, pandoc, prepare, product  # noqa: E402
from capitalise.locales import texts  # noqa: E402
from capitalise.markup import FACILITATOR, LEARNER, Renderer  # noqa: E402
from capitalise.problems import FORMATS  # noqa: E402
from capitalise.reviewing import review as reviewing  # noqa: E402
from capitalise.reviewing.changes import Change  # noqa: E402
from capitalise.settings import Settings  # noqa: E402
from fuzz import mutating  # noqa: E402

DAY = date(2026, 11, 20)
LANGUAGES = ("fr", "en")


@dataclass(frozen=True)
class Target:
    """A way in."""

    share: int
    """How many of a hundred inputs are its."""
    seeds: Callable[[], list[bytes]]
    make: Callable[[bytes, list[bytes], Random], bytes]
    """From a seed (and all of them) to an input."""
    run: Callable[[bytes, Path], None]
    """Puts an input in, in a folder of its own; what it raises is a fault."""


# -------------------------------------------------------------------------------- texts


@cache
def _texts() -> list[bytes]:
    """Texts of every kind: small ones made for tests, and parts of those that are published."""
    found = [text.replace("{sections}\n", samples.SECTIONS["fr"]).encode() for text in samples.GOOD.values()]
    found = [text for text in found if text.startswith(b"---")] * 4
    for path in sorted((ROOT / "tests/library").rglob("index.*.md")):
        found.append(path.read_bytes())
    for path in sorted((ROOT / "products").rglob("index.fr.md"))[::4]:
        head, _, body = path.read_text("utf-8").partition("\n---\n")
        sections = re.split(r"(?m)^(?=## )", body)
        found.append(f"{head}\n---\n{''.join(sections[:3])}".encode())
    for path in sorted((ROOT / "tests/cases").glob("*.yml")):
        for name, content in samples.load_case(path)["products"].items():
            if name.endswith(".md") and isinstance(content, str):
                found.append(content.replace("{sections}\n", samples.SECTIONS["fr"]).encode())
    return found


def _spoilt(dictionaries: str, seed: bytes, seeds: list[bytes], chance: Random) -> bytes:
    return mutating.mutate(seed, seeds, mutating.words(dictionaries), chance)


def _spoilt_body(seed: bytes, seeds: list[bytes], chance: Random) -> bytes:
    """Below a front matter without fault, so that it comes as far as a page."""
    head, _, body = samples.GOOD["sheets/bonne-fiche/index.fr.md"].partition("\n---\n")
    other = chance.choice(seeds).partition(b"\n---\n")[2]
    spoilt = mutating.mutate(other[-1500:], seeds, mutating.words(mutating.MARKDOWN), chance)
    return head.encode() + b"\n---\n" + samples.SECTIONS["fr"].encode() + b"\n### Plus\n\n" + spoilt


@cache
def _library(folder: Path) -> Path:
    products = samples.write(folder / "products", {})
    (products / "sheets/bonne-fiche/plan.svg").write_text('<svg xmlns="http://www.w3.org/2000/svg"/>', "utf-8")
    return products


_SETTINGS = Settings(
    "Essai", Addresses("fr", True, "https://kb.example.org/"), LANGUAGES, built=DAY, licence="CC-BY-4.0"
)


def _check(content: bytes, folder: Path, name: str = "sheets/bonne-fiche/index.fr.md") -> None:
    """Read, checked, told in each format and language, reviewed, shown and exported."""
    products = _library(folder)
    path = products / name
    kept = path.read_bytes() if path.exists() else None
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
        library = reading.load(products, LANGUAGES, day=DAY, drafts=True)
        for form in FORMATS.values():
            for lang in LANGUAGES:
                form(library.problems, texts(lang)).encode()
        reviewing.review(products, library, [Change(f"products/{name}", "changed")])
        _show(library, name.rpartition("/")[0])
    finally:
        if kept is not None:
            path.write_bytes(kept)
        else:
            path.unlink()


class _Page(HTMLParser):
    """Fails at what could run, load or ask something."""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert tag not in (
            "script",
            "iframe",
            "form",
            "style",
            "object",
            "embed",
            "svg",
            "math",
            "base",
            "link",
            "meta",
        )
        for name, value in attrs:
            assert not name.startswith("on")
            assert name not in ("href", "src") or not re.match(
                r"\s*(?:javascript|data|vbscript)\s*:", value or "", re.I
            )


def _show(library: Any, product_id: str) -> None:
    one = library.products.get(product_id)
    if one is None:
        return
    for lang, view in (("fr", LEARNER), ("en", FACILITATOR)):
        shown = Renderer(library, lang, _SETTINGS.addresses).render(one, view)
        for section in shown.sections:
            _Page().feed(section.html)
    for export in (data.FILES["catalogue.json"], data.FILES["catalogue.csv"], data.FILES["places.geojson"]):
        export(library, _SETTINGS).encode()
    for beside in data.BESIDE.values():
        beside(one, library, _SETTINGS, "fr").encode()


def _vocabulary(content: bytes, folder: Path) -> None:
    _library(folder)
    there = folder / "vocabularies"
    there.mkdir(exist_ok=True)
    (there / "glossary.yml").write_bytes(content)
    known, problems = vocabularies.load(there, "products/vocabularies", LANGUAGES)
    for form in FORMATS.values():
        form(problems, texts("fr")).encode()
    known["glossary"].suggest("agroforesterie")
    assert known["glossary"].narrower is not None


def _vocabularies() -> list[bytes]:
    files = [path.read_bytes()[:3000] for path in sorted((ROOT / "products/vocabularies").glob("*.yml"))]
    return [*files, *(text.encode() for name, text in samples.GOOD.items() if name.endswith(".yml"))]


def _document(content: bytes, folder: Path) -> None:
    """A page of `docs/`, as it is looked at before MkDocs reads it."""
    (folder / "page.md").write_bytes(content)
    frontmatter.page_fault(folder / "page.md", "docs/fr/page.md")


def _drawing(content: bytes, folder: Path) -> None:
    (folder / "a.svg").write_bytes(content)
    drawings.fault(folder / "a.svg")
    drawings.size(folder / "a.svg")


# -------------------------------------------------------------------------------- Word and OpenDocument


@cache
def _office() -> list[bytes]:
    """The files that the site offers to write in, one that somebody wrote badly, and one in OpenDocument."""
    with tempfile.TemporaryDirectory() as folder:
        found = [documents.messy(Path(folder, "a.docx")).read_bytes()]
    return found + [path.read_bytes() for path in sorted((ROOT / "docs/fr/templates").glob("*.docx"))]


def _spoilt_zip(seed: bytes, seeds: list[bytes], chance: Random) -> bytes:
    return mutating.mutate(seed, seeds, ["PK\x01\x02", "PK\x03\x04", "PK\x05\x06", "../", "word/document.xml"], chance)


def _spoilt_parts(seed: bytes, seeds: list[bytes], chance: Random) -> bytes:
    """A sound zip whose texts are spoilt."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(seed)) as archive, zipfile.ZipFile(out, "w") as made:
        names = [name for name in archive.namelist() if name.endswith((".xml", ".rels"))]
        chosen = set(chance.sample(names, 1 + (chance.random() < 0.3))) | {
            name for name in names if name in ("word/document.xml", "content.xml") and chance.random() < 0.6
        }
        for name in archive.namelist():
            content = archive.read(name)
            if name in chosen:
                content = mutating.mutate(content, [content], mutating.words(mutating.XML), chance)
            made.writestr(zipfile.ZipInfo(name), content)
    return out.getvalue()


def _guarded(content: bytes, folder: Path) -> None:
    (folder / "a.docx").write_bytes(content)
    try:
        prepare.prepare(guard.opened(folder / "a.docx")).package.zipped()
    except guard.Refused as refused:
        texts("fr")(f"import.refused.{refused.reason}", **refused.values)


@cache
def _trees() -> list[bytes]:
    found = []
    for office in _office():
        with tempfile.TemporaryDirectory() as folder:
            Path(folder, "a.docx").write_bytes(office)
            prepared = prepare.prepare(guard.opened(Path(folder, "a.docx")))
            meta, blocks = pandoc.read(prepared.package.zipped(), prepared.package.form)
        found.append(json.dumps([meta, blocks]).encode())
    return found


@cache
def _plain() -> bytes:
    """The least document: what the converter says of it is put in its place."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        for name in ("[Content_Types].xml", "_rels/.rels", "word/document.xml"):
            archive.writestr(name, "<a/>")
    return made.getvalue()


def _spoilt_tree(seed: bytes, seeds: list[bytes], chance: Random) -> bytes:
    meta, blocks = json.loads(seed)
    words = [*_LONG, *mutating.words(mutating.MARKDOWN), *mutating.words(mutating.YAML), *mutating.LETTERS, *_SAID]
    return json.dumps([meta, mutating.spoil_tree(blocks, words, chance)]).encode()


_LONG = [
    "http://" + "." * 20_000,
    "\u00a0" * 20_000,
    "9" * 20_000,
    "[" * 5_000,
    "a " * 20_000,
    "1.a)" * 5_000,
    "*a" * 5_000,
]
_SAID = [
    "Titre :",
    "Date : 2026-13-45",
    "Pays : Bénin, Nulle part",
    "Auteurs : A (B); C (D)",
    "Durée : 99999999999 h",
    "Lieux :",
]


def _imported(content: bytes, folder: Path) -> None:
    """The converter's answer becomes a product; what it would write back is left out, for it takes most of the time."""
    meta, blocks = json.loads(content)
    products = _library(folder)
    (folder / "a.docx").write_bytes(_plain())
    read, write = pandoc.read, pandoc.write
    pandoc.read = lambda data, form: (meta, blocks)
    pandoc.write = lambda parts: [json.dumps(part)[:50] for part in parts]
    try:
        wish = product.Wish("sheet", "fr")
        made, report = product.from_document(folder / "a.docx", products, wish, texts("fr"))
        try:
            frontmatter.parse(made.text, "index.fr.md")
        except frontmatter.Unreadable as error:
            assert error.problem.code == "too-complex"  # the person is told so, and where
        str(report)
    except guard.Refused as refused:
        texts("fr")(f"import.refused.{refused.reason}", **refused.values)
    finally:
        pandoc.read, pandoc.write = read, write


TARGETS: dict[str, Target] = {
    "front matter": Target(34, _texts, partial(_spoilt, mutating.YAML), _check),
    "body": Target(22, _texts, _spoilt_body, _check),
    "course": Target(4, _texts, partial(_spoilt, mutating.YAML), partial(_check, name="trainings/cours/index.fr.md")),
    "translation": Target(
        6, _texts, partial(_spoilt, mutating.YAML), partial(_check, name="sheets/bonne-fiche/index.en.md")
    ),
    "vocabulary": Target(10, _vocabularies, partial(_spoilt, mutating.YAML), _vocabulary),
    "page": Target(6, _texts, partial(_spoilt, mutating.MARKDOWN), _document),
    "drawing": Target(
        2, lambda: [(ROOT / "overrides/assets/favicon.svg").read_bytes()], partial(_spoilt, mutating.XML), _drawing
    ),
    "zip": Target(6, _office, _spoilt_zip, _guarded),
    "office": Target(5, _office, _spoilt_parts, _guarded),
    "tree": Target(5, _trees, _spoilt_tree, _imported),
}


def made(target: Target, name: str, seed: int, number: int) -> bytes:
    """Input `number` of a target, the same for the same seed."""
    chance = Random(f"{seed} {name} {number}")
    seeds = target.seeds()
    return target.make(chance.choice(seeds), seeds, chance)


def kept(target: str, content: bytes) -> str:
    """The name of the file in which a finding is kept."""
    return f"{target.replace(' ', '-')}-{hashlib.sha256(content).hexdigest()[:10]}"


def target_of(path: Path) -> Target:
    """The target of such a file."""
    return TARGETS[path.name.rpartition("-")[0].replace("-", " ")]
