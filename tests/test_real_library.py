"""The library that the site publishes: without a problem, in both languages, sourced, and written as French is."""

from __future__ import annotations

import json
import re
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from conftest import ROOT, run

from capitalise import links, reading
from capitalise.library import Product, Text
from capitalise.model import Status
from capitalise.sections import outside_code
from capitalise.translation import State

PRODUCTS = ROOT / "products"
LANGUAGES = ("fr", "en")
LIBRARY = reading.load(PRODUCTS, LANGUAGES, drafts=True)
TEXTS = [(product, text) for product in LIBRARY.products.values() for text in product.texts.values()]

each_text = pytest.mark.parametrize(("product", "text"), TEXTS, ids=[text.file for _, text in TEXTS])


# ------------------------------------------------------------------------------------------------ no problem


def test_check_finds_nothing_at_all():
    done = run("-m", "capitalise.cli", "check", "--format", "json", "--lang", "en")
    assert (done.returncode, json.loads(done.stdout)) == (0, []), done.stderr


def test_every_product_has_its_page_in_both_languages(published):
    for product in LIBRARY.listed:
        for lang in LANGUAGES:
            assert published.page(product.id, lang).text("//h1") == " ".join(product.text(lang).fields.title.split())


def test_every_link_leads_somewhere(published):
    assert list(published.broken()) == []


def test_a_page_is_light(published):
    """On a dear connection; only a whole course on one page is as long as its modules."""
    whole = {f"{course.id}/{view}" for course in LIBRARY.of_kind("course") for view in ("print", "facilitator")}
    pages = {path.parent: path.stat().st_size for path in published.folder.rglob("index.html")}
    heavy = {path.relative_to(published.folder).as_posix(): size for path, size in pages.items() if size > 60_000}
    assert {path.removeprefix("en/") for path in heavy} <= whole


def test_every_product_is_in_both_languages_and_up_to_date():
    assert LIBRARY.products and not LIBRARY.left_out
    for product in LIBRARY.products.values():
        assert set(product.texts) == set(LANGUAGES), product.id
        for lang in LANGUAGES:
            state = State.ORIGINAL if lang == product.original_lang else State.CURRENT
            assert product.state(lang) is state, (product.id, lang)


def test_every_translation_says_what_it_translates():
    """One that nobody stamped is taken for current for ever, whatever becomes of its original."""
    stamps = {text.file: text.fields.translation_of for product, text in TEXTS if text is not product.original}
    assert [file for file, stamp in stamps.items() if not stamp.revision] == []  # capitalise translate ID LANG --done


@each_text
def test_every_source_is_cited_and_every_citation_has_its_source(product: Product, text: Text):
    body = text.document.body
    figures = [*getattr(text.fields, "results", []), *getattr(text.fields, "costs", [])]
    cited = {number for _, number in links.citations(body)} | {one.source for one in figures if one.source}
    assert cited == set(range(1, len(text.fields.sources) + 1))
    # Notes that are no source, `[^a]`, are defined where they are used.
    notes = set(re.findall(r"\[\^(\D[^\]]*)\](?!:)", body))
    assert notes == set(re.findall(r"^\[\^(\D[^\]]*)\]:", body, re.MULTILINE))


@each_text
def test_every_figure_names_its_source(product: Product, text: Text):
    for figure in [*getattr(text.fields, "results", []), *getattr(text.fields, "costs", [])]:
        assert figure.source in range(1, len(text.fields.sources) + 1), figure.label


def test_every_sheet_has_a_figure_of_its_own_with_words_for_those_who_do_not_see_it():
    for sheet in LIBRARY.of_kind("sheet"):
        for text in sheet.texts.values():
            assert text.fields.cover.file in sheet.shown_attachments(LIBRARY.today), text.file
            assert len(text.fields.cover.alt) > 40, text.file
    drawings = {sheet.attachments[sheet.fields.cover.file].read_bytes() for sheet in LIBRARY.of_kind("sheet")}
    assert len(drawings) == len(LIBRARY.of_kind("sheet"))  # no filler: each is drawn for its sheet


def test_a_model_summary_says_to_all_that_it_is_one(published):
    models = [product for product in LIBRARY.of_kind("session") if product.fields.status is Status.EXAMPLE]
    assert len(models) == 7  # one for each priority theme and method of the programme
    for product in models:
        for lang in LANGUAGES:
            page = published.page(product.id, lang)
            assert page.all("//.c-notice--example")
            assert '"Event"' not in page.text("//script[@type='application/ld+json']")


def test_a_reader_meets_what_was_lived_before_the_models(published):
    for lang in LANGUAGES:
        for path in ("", "catalogue"):
            page = published.page(path, lang)
            assert page.all("//.c-card") and not page.all("//.c-cards//.c-badge--example")


# ------------------------------------------------------------------------------------------------ well written

WRITTEN = [*sorted((ROOT / "docs").rglob("*.md")), *sorted(PRODUCTS.rglob("*.md")), *sorted(PRODUCTS.rglob("*.yml"))]
UNFINISHED = re.compile(r"\b(?:TODO|TBD|FIXME|XXX+|lorem|Lorem|LOREM)\b|\?\?\?(?=\s*$)", re.MULTILINE)


@pytest.mark.parametrize("path", WRITTEN, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_nothing_is_left_unfinished(path: Path):
    assert UNFINISHED.findall(path.read_text("utf-8")) == []


FAULTS = {
    "an ordinary space before : ; ! ? or »": re.compile(r"\S* [:;!?»]\S*"),
    "an ordinary space after «": re.compile(r"« \S*"),
    "no space before ; ! ? or »": re.compile(r"[^\s;!?(«]+[;!?»](?!\w)|«\S+"),
    "a straight apostrophe": re.compile(r"[^\W\d_]+'[^\W\d_]+"),
    "straight quotes": re.compile(r'"[^"]+"'),
}
NOT_PROSE = [
    (re.compile(r"(`+).+?\1"), "`"),
    (re.compile(r"\]\([^)]*\)"), "]"),
    (re.compile(r"<[^<>]+>"), ""),
    (re.compile(r"\{[:.#][^{}]*\}|\{ *[.#][^{}]*\}"), ""),  # attributes
    (re.compile(r"https?://\S+|\w+@\w[\w.-]+"), ""),
    (re.compile(r'^\s*(?:!!!|\?\?\?\+?|===[!+]?) *\w* *"?(.*?)"?\s*$'), r"\1"),  # admonitions, folds and tabs
    (re.compile(r"^\s*\|[\s:|-]+\|\s*$"), ""),  # the line under a table's head
    (re.compile(r"^: +"), ""),  # a definition
    (re.compile(r"^\*\[[^\]]+\]: |^\[\^?[^\]]+\]: "), ""),
]
NAMES = {"url", "file", "date", "language", "revision", "sections", "contact", "licence", "related", "template"}
"""Fields that hold no words."""


def prose(text: str) -> Iterator[tuple[int, str]]:
    """The lines of a Markdown text without what is not read: code, addresses, marks."""
    for number, line in outside_code(text):
        for pattern, instead in NOT_PROSE:
            line = pattern.sub(instead, line)
        yield number, line


def values(tree: Any, field: str = "") -> Iterator[str]:
    """The words of a front matter."""
    if isinstance(tree, dict):
        for name, value in tree.items():
            if name not in NAMES:
                yield from values(value, name)
    elif isinstance(tree, list):
        for value in tree:
            yield from values(value, field)
    elif isinstance(tree, str):
        yield re.sub(r"https?://\S+", "", tree)


def french(path: Path) -> Iterator[tuple[str, str]]:
    """Where, and what a reader of French reads there."""
    if path.suffix == ".yml":
        for term in yaml.safe_load(path.read_text("utf-8")):
            for field in ("label", "definition", "synonyms"):
                for text in values(term.get(field, {}).get("fr", [])):
                    yield f"{term['id']}.{field}", text
        return
    _, header, body = path.read_text("utf-8").split("---\n", 2)
    for text in values(yaml.safe_load(header)):
        yield "header", text
    first = header.count("\n") + 3
    for number, line in prose(body):
        yield f"line {first + number}", line


FRENCH = [path for path in WRITTEN if path.name.endswith(".fr.md") or "fr" in path.parts or path.suffix == ".yml"]


@pytest.mark.parametrize("path", FRENCH, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_french_is_set_as_french_is(path: Path):
    found = [
        f"{where}: {fault}: {words}"
        for where, text in french(path)
        for fault, pattern in FAULTS.items()
        for words in (match[0] for match in pattern.finditer(text))
    ]
    assert found == []


# ------------------------------------------------------------------------------------------------ the handouts


def test_the_handouts_are_those_that_the_tool_makes(tmp_path):
    for folder, seed in (("once", "1"), ("twice", "2")):
        done = run("tools/handouts.py", tmp_path / folder, PYTHONHASHSEED=seed)
        assert done.returncode == 0, done.stderr

    def handouts(root: Path) -> dict[str, Path]:
        found = (path for path in root.rglob("*") if path.suffix in (".docx", ".xlsx"))
        return {path.relative_to(root).as_posix(): path for path in found}

    def members(path: Path) -> dict[str, tuple]:
        with zipfile.ZipFile(path) as archive:
            return {one.filename: (one.date_time, archive.read(one)) for one in archive.infolist()}

    published, once, twice = map(handouts, (PRODUCTS, tmp_path / "once", tmp_path / "twice"))
    assert published and published.keys() == once.keys() == twice.keys()
    for name, path in once.items():
        assert path.read_bytes() == twice[name].read_bytes(), name
        # Another zlib packs the same bytes otherwise: what is packed must be the same.
        assert members(path) == members(published[name]), name
