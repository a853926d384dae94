"""From folders to the Library: documents → validated texts → products.

What can't be read is left out and named, and as little as can be: a translation at fault takes that language with it,
an original its product, and neither takes its neighbours.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, tzinfo
from pathlib import Path
from typing import Any

from capitalise import attachments, checks, frontmatter, limits, sections, translation, vocabularies
from capitalise.library import Library, Product, Text
from capitalise.locales import available, slug
from capitalise.model import Kind, Status, kind_of
from capitalise.personal import checking as personal
from capitalise.problems import Problem, plain
from capitalise.sparing import Sparing, inherited
from capitalise.stick import names
from capitalise.translation import State
from capitalise.validation import validate, what_stands

COLLECTIONS = ("sheets", "trainings", "sessions")
_TEXT_FILE = re.compile(r"index\.([a-z]{2,3})\.md\Z")
_SLUG = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*\Z")
_IGNORED = re.compile(r"\.|~|Thumbs\.db\Z|desktop\.ini\Z", re.IGNORECASE)


def today(zone: tzinfo | None = UTC) -> date:
    """The day of the build: `SOURCE_DATE_EPOCH` where it is set (reproducible-builds.org), the clock's otherwise.

    In Greenwich, so that builds of one moment agree wherever they run; `None` is the day where the person is.
    """
    if epoch := os.environ.get("SOURCE_DATE_EPOCH"):
        return datetime.fromtimestamp(int(epoch), UTC).date()
    return datetime.now(zone).date()


def load(
    root: Path, languages: tuple[str, ...] | None = None, *, drafts: bool = False, day: date | None = None
) -> Library:
    """Reads a library.

    `root` is the folder `products/` (`NotADirectoryError` where it is not one); `languages` those of the site, by
    default all that have texts; `drafts` keeps the products of status `draft`.
    """
    return Reader(root, languages, drafts=drafts).load(day)


class Reader:
    """Reads a library, and then again what has changed in it."""

    def __init__(self, root: Path, languages: tuple[str, ...] | None = None, *, drafts: bool = False) -> None:
        self.root, self.languages, self.drafts = root, languages or available(), drafts
        self._reading: _Reading | None = None

    def load(self, day: date | None = None) -> Library:
        """All of it. Raises `NotADirectoryError`."""
        if not self.root.is_dir():
            raise NotADirectoryError(str(self.root))
        attachments.ahead(self.root)
        self._reading = _Reading(self.root, self.languages, day or today())
        self._reading.everything()
        return self._library(self._reading)

    def again(self, changed: Iterable[Path]) -> Library:
        """The library after changes in these files or folders: the same as `load`, for the cost of what changed.

        A term may be in any product: after a change of a vocabulary everything is read. Raises `NotADirectoryError`.
        """
        reading = self._reading
        folders = {self._folder(path) for path in changed}
        if reading is None or reading.day != today() or () in folders:
            return self.load()
        if not all([reading.renew(parts) for parts in sorted(folders)]):
            return self.load()
        return self._library(reading)

    def _folder(self, path: Path) -> Parts:
        """The folder, from the root, whose content a change is about; empty where it may be about all."""
        parts = path.relative_to(self.root).parts if path.is_relative_to(self.root) else ()
        if len(parts) < 2 or parts[0] not in COLLECTIONS or self._reading is None:
            return ()
        return parts if parts in self._reading.found or path.is_dir() else parts[:-1]

    def _library(self, reading: _Reading) -> Library:
        found = [reading.found[parts] for parts in sorted(reading.found, key=_place)]
        products = {one.product.id: one.product for one in found if one.product}
        if not self.drafts:
            hidden = {product.id for product in products.values() if product.fields.status is Status.DRAFT}
            products = {one.id: one for one in products.values() if hidden.isdisjoint((one.id, one.parent_id))}
        pointing = {file: links for one in found for file, links in one.pointing.items()}
        related = list(checks.relations(products, pointing, reading.shown(self.root)))
        problems = [*(problem for one in found for problem in one.problems), *related]
        left_out = {file for one in found for file in one.left_out}
        refused = {problem.file for problem in related if problem.is_error}
        for product in [one for one in products.values() if one.original.file in refused] if refused else ():
            left_out.update(text.file for text in product.texts.values())
            del products[product.id]
        told = {(problem, str(problem.values)): problem for problem in problems}  # two terms on a line are two problems
        return Library(
            products,
            reading.vocabularies,
            self.languages,
            tuple(sorted(told.values())),
            tuple(sorted(left_out)),
            reading.day,
        )


Parts = tuple[str, ...]
"""A folder, from the root of the library."""


def _place(parts: Parts) -> tuple[int, Parts]:
    """Key of the order of folders: that of the collections, then the alphabet's."""
    return (COLLECTIONS.index(parts[0]) if parts else -1), parts


@dataclass
class _Found:
    """What one folder holds."""

    product: Product | None = None
    problems: list[Problem] = field(default_factory=list)
    left_out: set[str] = field(default_factory=set)
    pointing: dict[str, checks.Pointers] = field(default_factory=dict)


class _Reading:
    """What was read of the folders, each for itself."""

    def __init__(self, root: Path, languages: tuple[str, ...], day: date) -> None:
        self.root, self.languages, self.day = root, languages, day
        self._above = len(str(root / "x")) - len("x") - (len(root.name) + 1 if root.name else 0)
        self._sparing = Sparing()
        self._into = _Found()
        self.found: dict[Parts, _Found] = {(): self._into}
        self.vocabularies, problems = vocabularies.load(
            root / "vocabularies", self.shown(root / "vocabularies"), languages
        )
        self._into.problems += problems

    def shown(self, path: Path) -> str:
        """A path as the contributor knows it, with `/`."""
        return plain(str(path)[self._above :].replace(os.sep, "/"))

    def everything(self) -> None:
        """Reads all folders."""
        for entry in sorted(os.scandir(self.root), key=lambda entry: entry.name):
            path = self.root / entry.name
            if _leads_away(entry):
                self._refuse(Problem(self.shown(path), 1, "unsafe-file", "link"))
            elif entry.name in (*COLLECTIONS, "vocabularies") or _IGNORED.match(entry.name):
                continue
            elif entry.is_dir() or entry.name.endswith(".md"):
                self._refuse(Problem(self.shown(path), 1, "misplaced-file", values={"name": entry.name}))
        for collection in COLLECTIONS:
            folder = self.root / collection
            if folder.is_dir() and not folder.is_symlink():
                self._walk((collection,))

    def renew(self, parts: Parts) -> bool:
        """Reads a folder again; where it came or went, the one that holds it. Says whether that is enough."""
        while parts and not (parts in self.found and self.root.joinpath(*parts).is_dir()):
            parts = parts[:-1]
        if not parts:
            return False
        within = set(self._look(parts))
        known = {other for other in self.found if other[:-1] == parts}
        for gone in known - within:
            for other in [other for other in self.found if other[: len(gone)] == gone]:
                del self.found[other]
        for new in sorted(within - known):
            self._walk(new)
        return True

    def _refuse(self, problem: Problem) -> None:
        self._into.problems.append(problem)
        if problem.is_error:
            self._into.left_out.add(problem.file)

    def _walk(self, parts: Parts) -> None:
        """Reads a folder and all that it holds."""
        for inner in self._look(parts):
            self._walk(inner)

    def _look(self, parts: Parts) -> list[Parts]:
        """Reads one folder, and names those in it that are to be read too."""
        self._into = self.found[parts] = _Found()
        folder = self.root.joinpath(*parts)
        files, folders = {}, []
        for entry in sorted(os.scandir(folder), key=lambda entry: entry.name):
            path = folder / entry.name
            if _IGNORED.match(entry.name):
                continue
            if _leads_away(entry):
                self._refuse(Problem(self.shown(path), 1, "unsafe-file", "link"))
            elif entry.is_dir():
                folders.append(path)
            elif entry.is_file():
                files[entry.name] = path
            else:  # a pipe or a device: reading it could wait for ever
                self._refuse(Problem(self.shown(path), 1, "unsafe-file", "special"))
        kind = kind_of(parts)
        if kind:
            self._into.product = self._product(folder, parts, kind, files, bool(folders))
        else:
            for name in files:
                if name.endswith(".md"):
                    self._refuse(Problem(self.shown(folder / name), 1, "misplaced-file", values={"name": name}))
        return [(*parts, path.name) for path in folders if self._may_hold_products(path, parts)]

    def _may_hold_products(self, path: Path, parts: Parts) -> bool:
        """Whether a folder may stand in another; otherwise that is told."""
        if not _SLUG.match(path.name) or len(path.name) > limits.MAX_SLUG_CHARS:
            meant = slug(path.name)[: limits.MAX_SLUG_CHARS].rstrip("-")
            values = {"name": path.name, "limit": limits.MAX_SLUG_CHARS}
            self._refuse(Problem(self.shown(path), 1, "bad-slug", "", values, meant))
        elif any(fault.code == "reserved" for fault in names.faults([(path.name, 0)])):
            self._refuse(Problem(self.shown(path), 1, "bad-slug", "device", {"name": path.name}))
        elif kind_of((*parts, path.name)) or (len(parts) == 1 and parts[0] == "sessions"):
            return True
        elif parts[0] in ("trainings", "sessions") and len(parts) == 2:
            self._refuse(Problem(self.shown(path), 1, "bad-slug", "number", {"name": path.name}))
        else:
            self._refuse(Problem(self.shown(path), 1, "misplaced-file", "folder", {"name": path.name}))
        return False

    def _product(
        self, folder: Path, parts: tuple[str, ...], kind: Kind, files: dict[str, Path], has_folders: bool
    ) -> Product | None:
        """The product of a folder, or None where it has none that can be read."""
        texts = {name: path for name, path in files.items() if name.endswith(".md")}
        attachments = {name: path for name, path in files.items() if name not in texts}
        documents = dict(self._documents(texts))
        if not texts and not (parts[0] == "sessions" and has_folders):
            self._refuse(Problem(self.shown(folder), 1, "missing-text", values={"name": folder.name}))
        original = self._original(documents, whole=len(documents) == len(texts))
        if original is None:
            self._into.left_out.update(document.file for document in documents.values())
            return None
        whole = len(documents) == len(texts)
        return self._assemble("/".join(parts), folder, kind, documents, original, attachments, whole)

    def _documents(self, files: dict[str, Path]) -> Iterator[tuple[str, frontmatter.Document]]:
        """Language and document of each text that can be read."""
        for name, path in files.items():
            shown, found = self.shown(path), _TEXT_FILE.match(name)
            if not found:
                self._refuse(Problem(shown, 1, "misplaced-file", "name", {"name": name}))
            elif found[1] not in self.languages:
                values = {"lang": found[1], "languages": ", ".join(self.languages)}
                self._refuse(Problem(shown, 1, "unknown-language", values=values))
            else:
                try:
                    yield found[1], frontmatter.read(path, shown)
                except frontmatter.Unreadable as error:
                    self._refuse(error.problem)

    def _original(self, documents: dict[str, frontmatter.Document], whole: bool) -> str | None:
        """The language of the original; None, and a problem, where there are two or none.

        Where the texts are not `whole`, the original may be the one that can't be read: that is told already.
        """
        present = [lang for lang in self.languages if lang in documents]
        originals = [lang for lang in present if not documents[lang].meta.get("translation_of")]
        if len(originals) == 1:
            return originals[0]
        for lang in originals[1:]:
            others = ", ".join(f"index.{other}.md" for other in originals if other != lang)
            values = {"others": others, "lang": originals[0]}
            self._refuse(Problem(documents[lang].file, 1, "two-originals", values=values))
        if not originals and whole:
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
        whole: bool,
    ) -> Product | None:
        """The product, or None where its original has an error. `whole`: all of its texts could be read."""
        covered: personal.Covered = set()
        same: dict[str, Any] = {}  # what the translations have from the original as it is

        def read(lang: str, parts: tuple[sections.Part, ...], meta: Mapping[str, Any]) -> Text | None:
            """The text, or None where it has an error; its problems are noted either way."""
            document = documents[lang]
            fields, found = validate(meta, kind.fields, document, same)
            given = fields or what_stands(meta, kind.fields)
            case = checks.Case(
                product_id,
                lang,
                document,
                given,
                kind,
                parts,
                attachments,
                self.vocabularies,
                self.day,
                original,
                covered,
            )
            found += [*document.problems, *checks.text(case)]
            for problem in found:
                self._refuse(problem)
            if fields is None or any(problem.is_error for problem in found):
                return None
            if pointers := checks.pointers(case):
                self._into.pointing[document.file] = pointers
            self._sparing.lighten(fields, same)
            return Text(lang, document.file, kind, fields, self._sparing.packed(document, lang))

        def split(lang: str) -> tuple[sections.Part, ...]:
            return sections.split(documents[lang].body, kind, lang, documents[lang].body_line)

        source, parts = documents[original], split(original)
        first = read(original, parts, source.meta)
        if first is None:
            # Its translations inherit from it: they can't stand alone.
            self._into.left_out.update(document.file for document in documents.values())
            return None
        texts = {original: first}
        same = inherited(first.fields)
        revision, hashes = translation.stamp(source.meta, kind.fields, parts)
        for lang, document in documents.items():
            if lang == original:
                continue
            meta, untranslated, decided = translation.inherit(source.meta, document.meta, kind.fields)
            text = read(lang, split(lang), meta)
            if text is None:
                continue
            self._into.problems += checks.inheritance(document, untranslated, decided, source.file)
            state, changed = _state(text, revision, hashes)
            if state is State.OUTDATED:
                self._into.problems.append(checks.outdated(document, changed, parts, source.file))
            texts[lang] = replace(text, state=state, changed=changed)
        if whole:  # what can't be read may hold what is acknowledged
            self._into.problems += personal.stale(source.file, first.fields.acknowledged, covered, source.lines)
        ordered = {lang: texts[lang] for lang in self.languages if lang in texts}
        return Product(product_id, kind, str(folder), ordered, original, revision, attachments)


def _leads_away(entry: os.DirEntry[str]) -> bool:
    """Whether what stands there is elsewhere: a symbolic link, or Windows' junction of folders."""
    return entry.is_symlink() or getattr(entry, "is_junction", bool)()  # Python 3.12


def _state(text: Text, revision: str, hashes: Mapping[str, str]) -> tuple[State, tuple[str, ...]]:
    """Whether a translation follows its original as it is now, and which sections changed."""
    stamp = text.fields.translation_of
    if stamp is None or stamp.revision is None or stamp.revision == revision:
        # Without a revision nobody has said what was translated: it is taken for current, `translate --done` stamps it.
        return State.CURRENT, ()
    changed = tuple(anchor for anchor, digest in hashes.items() if stamp.sections.get(anchor) != digest)
    return State.OUTDATED, changed if stamp.sections else ()
