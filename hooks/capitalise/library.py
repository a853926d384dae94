"""The Library: every product in every language, the vocabularies, and what relates them. Read once, then immutable.

`load` is the whole of the reading: folders → documents → validated texts → products. What can't be read is left out
and named; the rest is there.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from functools import cached_property
from pathlib import Path
from typing import Any

from capitalise import checks, frontmatter, limits, sections, translation, vocabularies
from capitalise.locales import available, fold
from capitalise.model import Fields, Kind, Status, kind_of
from capitalise.problems import Problem, plain
from capitalise.translation import State
from capitalise.validation import validate, what_stands
from capitalise.vocabularies import Vocabulary

_TEXT_FILE = re.compile(r"index\.([a-z]{2,3})\.md\Z")
_SLUG = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*\Z")
_IGNORED = re.compile(r"\.|~|Thumbs\.db\Z|desktop\.ini\Z", re.IGNORECASE)
COLLECTIONS = ("sheets", "trainings", "sessions")


@dataclass(frozen=True)
class Text:
    """A product in one language."""

    lang: str
    file: str
    """Path as the contributor knows it."""
    fields: Fields
    parts: tuple[sections.Part, ...]
    document: frontmatter.Document = field(repr=False)
    state: State = State.ORIGINAL
    changed: tuple[str, ...] = ()
    """Anchors of the sections of the original that changed since this translation (`fields`: the front matter)."""


@dataclass(frozen=True)
class Product:
    """A product in all its languages."""

    id: str
    kind: Kind
    folder: Path
    texts: Mapping[str, Text]
    original_lang: str
    revision: str
    hashes: Mapping[str, str] = field(repr=False)
    attachments: Mapping[str, Path] = field(repr=False)
    """The other files of its folder, by name."""

    @property
    def original(self) -> Text:
        """The text that the others translate."""
        return self.texts[self.original_lang]

    @property
    def fields(self) -> Fields:
        """The original's fields: what does not depend on the language."""
        return self.original.fields

    @property
    def slug(self) -> str:
        """The last part of its id."""
        return self.id.rpartition("/")[2]

    @property
    def parent_id(self) -> str:
        """Id of the folder that holds it: a module's course."""
        return self.id.rpartition("/")[0]

    @property
    def is_withdrawn(self) -> bool:
        """Whether only a page that says so remains."""
        return self.fields.status is Status.WITHDRAWN

    def text(self, lang: str) -> Text:
        """The product in that language, or the original where it is not translated."""
        return self.texts.get(lang, self.original)

    def state(self, lang: str) -> State:
        """State of that language."""
        return self.texts[lang].state if lang in self.texts else State.MISSING

    def shown_attachments(self, today: date) -> frozenset[str]:
        """Names of the files that may be published: those that a text declares, photos with consent alone."""
        known: dict[date, frozenset[str]] = self.__dict__.setdefault("_shown", {})  # asked on every page
        if today not in known:
            known[today] = checks.publishable_files(self, today)
        return known[today]


@dataclass(frozen=True)
class Library:
    """All products by id, in the order of their ids."""

    products: Mapping[str, Product]
    vocabularies: Mapping[str, Vocabulary]
    languages: tuple[str, ...]
    problems: tuple[Problem, ...]
    left_out: tuple[str, ...]
    """Files at fault whose product, or language of a product, is not in the library."""
    today: date

    @cached_property
    def listed(self) -> tuple[Product, ...]:
        """The products that lists, exports and relations show, newest first: all but the withdrawn."""
        shown = [product for product in self.products.values() if not product.is_withdrawn]
        return tuple(sorted(shown, key=lambda p: (-p.fields.date.toordinal(), p.id)))

    @cached_property
    def withdrawn(self) -> tuple[Product, ...]:
        """The withdrawn products, by id."""
        return tuple(product for product in self.products.values() if product.is_withdrawn)

    @cached_property
    def _by_kind(self) -> Mapping[str, tuple[Product, ...]]:
        return _grouped((product.kind.name, product) for product in self.listed)

    def of_kind(self, name: str) -> tuple[Product, ...]:
        """The products of a kind, newest first."""
        return self._by_kind.get(name, ())

    @cached_property
    def _by_term(self) -> Mapping[tuple[str, str], tuple[Product, ...]]:
        return _grouped((key, product) for product in self.listed for key in terms_of(product.fields))

    def with_term(self, vocabulary: str, term_id: str) -> tuple[Product, ...]:
        """The products that carry a term, newest first. Countries are the vocabulary `countries`."""
        return self._by_term.get((vocabulary, term_id), ())

    @cached_property
    def countries(self) -> tuple[str, ...]:
        """The countries that have a product."""
        return tuple(sorted(term for name, term in self._by_term if name == "countries"))

    @cached_property
    def _modules(self) -> Mapping[str, tuple[Product, ...]]:
        modules = sorted(self.of_kind("module"), key=lambda product: product.id)
        return _grouped((product.parent_id, product) for product in modules)

    def modules(self, course: Product) -> tuple[Product, ...]:
        """The modules of a course, in the order of their two digits."""
        return self._modules.get(course.id, ())

    def course_of(self, module: Product) -> Product | None:
        """The course of a module."""
        return self.products.get(module.parent_id)

    def duration(self, product: Product) -> int | None:
        """Minutes: its own, or for a course the sum of its modules'."""
        own = getattr(product.fields, "duration", None)
        if own is None and product.kind.name == "course":
            return sum(getattr(module.fields, "duration", None) or 0 for module in self.modules(product)) or None
        return own

    @cached_property
    def aliases(self) -> Mapping[str, str]:
        """Former id → id."""
        return {
            alias: product.id
            for product in self.products.values()
            for alias in product.fields.aliases
            if alias not in self.products
        }

    def term(self, vocabulary: str, term_id: str) -> vocabularies.Term | None:
        """A term, or None."""
        return self.vocabularies[vocabulary].get(term_id)


TERM_FIELDS = {
    "themes": "themes",
    "practices": "practices",
    "hazards": "hazards",
    "organisations": "organisations",
    "communities": "communities",
    "community": "communities",
    "countries": "countries",
}
"""Field of a product → vocabulary of its values."""


def terms_of(fields: Fields) -> list[tuple[str, str]]:
    """Every (vocabulary, id) that a product carries, each once; its countries among them."""
    found: dict[tuple[str, str], None] = {}
    for name, vocabulary in TERM_FIELDS.items():
        value = getattr(fields, name, None)
        for term in (value,) if isinstance(value, str) else value or ():
            found[vocabulary, term] = None
    return list(found)


def _grouped(pairs: Iterable[tuple[Any, Product]]) -> dict[Any, tuple[Product, ...]]:
    groups: dict[Any, list[Product]] = {}
    for key, product in pairs:
        groups.setdefault(key, []).append(product)
    return {key: tuple(products) for key, products in groups.items()}


# -------------------------------------------------------------------------------- reading


def today() -> date:
    """The day of the build: `SOURCE_DATE_EPOCH` where it is set (reproducible-builds.org), the clock's otherwise."""
    if epoch := os.environ.get("SOURCE_DATE_EPOCH"):
        return datetime.fromtimestamp(int(epoch), UTC).date()
    return date.today()


def load(
    root: Path, languages: tuple[str, ...] | None = None, *, drafts: bool = False, day: date | None = None
) -> Library:
    """Reads a library.

    `root` is the folder `products/` (`NotADirectoryError` where it is not one); `languages` those of the site, by
    default all that have texts; `drafts` keeps the products of status `draft`.
    """
    if not root.is_dir():
        raise NotADirectoryError(str(root))
    languages = languages or available()
    reading = _Reading(root, languages, day or today())
    products = {product.id: product for product in reading.products() if drafts or not _is_draft(product)}
    related = list(checks.relations(products, reading.shown(root)))
    problems = [*reading.problems, *related]
    refused = {problem.file for problem in related if problem.is_error}
    for product in [one for one in products.values() if one.original.file in refused]:
        reading.left_out.update(text.file for text in product.texts.values())
        del products[product.id]
    told = {(problem, str(problem.values)): problem for problem in problems}  # two terms on one line are two problems
    return Library(
        products,
        reading.vocabularies,
        languages,
        tuple(sorted(told.values())),
        tuple(sorted(reading.left_out)),
        reading.today,
    )


def _is_draft(product: Product) -> bool:
    return product.fields.status is Status.DRAFT


class _Reading:
    """One walk over the folders."""

    def __init__(self, root: Path, languages: tuple[str, ...], day: date) -> None:
        self.root, self.languages, self.today = root, languages, day
        self.problems: list[Problem] = []
        self.left_out: set[str] = set()
        self.vocabularies, problems = vocabularies.load(
            root / "vocabularies", self.shown(root / "vocabularies"), languages
        )
        self.problems += problems

    def shown(self, path: Path) -> str:
        """A path as the contributor knows it, with `/`."""
        return plain(path.relative_to(self.root.parent).as_posix())

    def products(self) -> Iterable[Product]:
        """Every product that can be read, in the order of the ids."""
        for entry in sorted(os.scandir(self.root), key=lambda entry: entry.name):
            path = self.root / entry.name
            if entry.is_symlink():
                self._refuse(Problem(self.shown(path), 1, "unsafe-file", "link"))
            elif entry.name in (*COLLECTIONS, "vocabularies") or _IGNORED.match(entry.name):
                continue
            elif entry.is_dir() or entry.name.endswith(".md"):
                self._refuse(Problem(self.shown(path), 1, "misplaced-file", values={"name": entry.name}))
        for collection in COLLECTIONS:
            folder = self.root / collection
            if folder.is_dir() and not folder.is_symlink():
                yield from self._walk(folder, (collection,))

    def _refuse(self, problem: Problem) -> None:
        self.problems.append(problem)
        if problem.is_error:
            self.left_out.add(problem.file)

    def _walk(self, folder: Path, parts: tuple[str, ...]) -> Iterable[Product]:
        files, folders = {}, []
        for entry in sorted(os.scandir(folder), key=lambda entry: entry.name):
            path = folder / entry.name
            if _IGNORED.match(entry.name):
                continue
            if entry.is_symlink():
                self._refuse(Problem(self.shown(path), 1, "unsafe-file", "link"))
            elif entry.is_dir():
                folders.append(path)
            elif entry.is_file():
                files[entry.name] = path
        kind = kind_of(parts)
        if kind:
            if product := self._product(folder, parts, kind, files, bool(folders)):
                yield product
        else:
            for name in files:
                if name.endswith(".md"):
                    self._refuse(Problem(self.shown(folder / name), 1, "misplaced-file", values={"name": name}))
        for path in folders:
            if not _SLUG.match(path.name) or len(path.name) > limits.MAX_SLUG_CHARS:
                slug = re.sub(r"[^a-z0-9]+", "-", fold(path.name)).strip("-")[: limits.MAX_SLUG_CHARS].rstrip("-")
                values = {"name": path.name, "limit": limits.MAX_SLUG_CHARS}
                self._refuse(Problem(self.shown(path), 1, "bad-slug", "", values, slug))
            elif kind_of((*parts, path.name)) or (len(parts) == 1 and parts[0] == "sessions"):
                yield from self._walk(path, (*parts, path.name))
            elif parts[0] in ("trainings", "sessions") and len(parts) == 2:
                self._refuse(Problem(self.shown(path), 1, "bad-slug", "number", {"name": path.name}))
            else:
                self._refuse(Problem(self.shown(path), 1, "misplaced-file", "folder", {"name": path.name}))

    def _product(
        self, folder: Path, parts: tuple[str, ...], kind: Kind, files: dict[str, Path], has_folders: bool
    ) -> Product | None:
        documents: dict[str, frontmatter.Document] = {}
        attachments = {}
        any_text = False
        for name, path in files.items():
            shown = self.shown(path)
            found = _TEXT_FILE.match(name)
            if not found and not name.endswith(".md"):
                attachments[name] = path
                continue
            any_text = True
            if not found:
                self._refuse(Problem(shown, 1, "misplaced-file", "name", {"name": name}))
            elif found[1] not in self.languages:
                values = {"lang": found[1], "languages": ", ".join(self.languages)}
                self._refuse(Problem(shown, 1, "unknown-language", values=values))
            else:
                try:
                    documents[found[1]] = frontmatter.read(path, shown)
                except frontmatter.Unreadable as error:
                    self._refuse(error.problem)
        if not documents:
            if not any_text and not (parts[0] == "sessions" and has_folders):
                self._refuse(Problem(self.shown(folder), 1, "missing-text", values={"name": folder.name}))
            return None
        original = self._original(documents, folder)
        if original is None:
            return None
        return self._assemble("/".join(parts), folder, kind, documents, original, attachments)

    def _original(self, documents: dict[str, frontmatter.Document], folder: Path) -> str | None:
        """The language of the original; None, and a problem, where there are two or none."""
        present = [lang for lang in self.languages if lang in documents]
        originals = [lang for lang in present if not documents[lang].meta.get("translation_of")]
        if len(originals) == 1:
            return originals[0]
        if originals:
            for lang in originals[1:]:
                others = ", ".join(f"index.{other}.md" for other in originals if other != lang)
                self._refuse(
                    Problem(documents[lang].file, 1, "two-originals", values={"others": others, "lang": originals[0]})
                )
            self.left_out.update(document.file for document in documents.values())
            return None
        for document in documents.values():
            self._refuse(Problem(document.file, document.line("translation_of"), "no-original"))
        return None

    def _assemble(
        self,
        product_id: str,
        folder: Path,
        kind: Kind,
        documents: dict[str, frontmatter.Document],
        original: str,
        attachments: dict[str, Path],
    ) -> Product | None:
        source = documents[original]
        parts = sections.split(source.body, kind, original, source.body_line)
        first = self._text(product_id, original, original, source, source.meta, kind, parts, attachments)
        if first is None:
            # Its translations inherit from it: they can't stand alone.
            self.left_out.update(document.file for document in documents.values())
            return None
        revision = translation.revision(source.meta, kind.fields, parts)
        hashes = translation.section_hashes(source.meta, kind.fields, parts)
        texts = {original: first}
        for lang, document in documents.items():
            if lang == original:
                continue
            meta, untranslated, decided = translation.inherit(source.meta, document.meta, kind.fields)
            lang_parts = sections.split(document.body, kind, lang, document.body_line)
            text = self._text(product_id, lang, original, document, meta, kind, lang_parts, attachments)
            if text is None:
                continue
            self.problems += checks.inheritance(document, untranslated, decided, source.file)
            state, changed = _state(text, original, revision, hashes)
            if state is State.OUTDATED:
                self.problems.append(checks.outdated(document, changed, parts, source.file))
            texts[lang] = Text(lang, document.file, text.fields, lang_parts, document, state, changed)
        ordered = {lang: texts[lang] for lang in self.languages if lang in texts}
        return Product(product_id, kind, folder, ordered, original, revision, hashes, attachments)

    def _text(
        self,
        product_id: str,
        lang: str,
        original: str,
        document: frontmatter.Document,
        meta: dict[str, Any],
        kind: Kind,
        parts: tuple[sections.Part, ...],
        attachments: dict[str, Path],
    ) -> Text | None:
        """The text, or None where it has an error; its problems are noted either way."""
        fields, found = validate(meta, kind.fields, document)
        found += document.problems
        given = fields or what_stands(meta, kind.fields)
        found += checks.text(
            product_id, lang, document, given, kind, parts, attachments, self.vocabularies, self.today, original
        )
        for problem in found:
            self._refuse(problem)
        if fields is None or any(problem.is_error for problem in found):
            return None
        return Text(lang, document.file, fields, parts, document)


def _state(text: Text, original: str, revision: str, hashes: Mapping[str, str]) -> tuple[State, tuple[str, ...]]:
    """Whether a translation follows its original as it is now, and which sections changed."""
    stamp = text.fields.translation_of
    if stamp is None or stamp.language != original or stamp.revision is None or stamp.revision == revision:
        # Without a revision nobody has said what was translated: it is taken for current, `translate --done` stamps it.
        return State.CURRENT, ()
    changed = tuple(anchor for anchor, digest in hashes.items() if stamp.sections.get(anchor) != digest)
    return State.OUTDATED, changed if stamp.sections else ()
