"""What a contribution must respect beyond the form of each field.

One function per matter; all are run, whatever the others find.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Any, NamedTuple

from pydantic import BaseModel

from capitalise import attachments, limits, links
from capitalise.frontmatter import Document, dotted
from capitalise.locales import fold, texts
from capitalise.model import Fields, Image, Kind, Status, Video
from capitalise.problems import Problem
from capitalise.schema import marks
from capitalise.sections import FIELDS, Part, labels_of
from capitalise.stick import names
from capitalise.values import HANDOUT_TYPES, IMAGE_TYPES, FileOf, TermOf
from capitalise.vocabularies import Vocabulary, nearest

if TYPE_CHECKING:
    from capitalise.library import Product


@dataclass(frozen=True)
class Case:
    """One text under examination."""

    product_id: str
    lang: str
    document: Document
    fields: Fields
    kind: Kind
    parts: tuple[Part, ...]
    attachments: Mapping[str, Path]
    vocabularies: Mapping[str, Vocabulary]
    today: date
    original_lang: str

    def problem(
        self, path: tuple[Any, ...], code: str, variant: str = "", suggestion: str = "", **values: Any
    ) -> Problem:
        """A problem with a field."""
        return self.at(self.document.line(*path), code, variant, suggestion, **values)

    def at(self, line: int, code: str, variant: str = "", suggestion: str = "", **values: Any) -> Problem:
        """A problem at a line."""
        return Problem(self.document.file, line, code, variant, values, suggestion)


def text(case: Case) -> list[Problem]:
    """Everything that is wrong in a text beyond the form of its fields; a field at fault is missing from them."""
    return [problem for check in _CHECKS for problem in check(case)]


# -------------------------------------------------------------------------------- fields


def _terms(case: Case) -> Iterator[Problem]:
    for name, info in case.kind.fields.model_fields.items():
        mark = marks(info, TermOf)
        if mark is None:
            continue
        value = getattr(case.fields, name)
        vocabulary = case.vocabularies[mark.vocabulary]
        for index, term in enumerate([value] if isinstance(value, str) else value or ()):
            if not vocabulary.knows(term):
                path = (name,) if isinstance(value, str) else (name, index)
                values = {"term": term, "vocabulary": mark.vocabulary}
                yield case.problem(path, "unknown-term", "", vocabulary.suggest(term), **values)


def _files(case: Case) -> Iterator[Problem]:
    """The files that the text names or leads to: they are there, and are what they say."""
    looked: set[str] = set()
    for path, name, types, _ in _named_files(case.fields):
        file = case.attachments.get(name)
        line = case.document.line(*path)
        if _suffix(name) not in types:
            yield case.at(line, "unsafe-file", "type", file=name, types=", ".join(types))
        elif file is None:
            known = {other.casefold(): other for other in case.attachments}
            folder = case.document.file.rpartition("/")[0]
            yield case.at(line, "missing-file", "", nearest(name, known), file=name, folder=folder)
        elif name not in looked:
            yield from _content(case, name, line)
        looked.add(name)
    for link in links.find(case.document.body):
        where = links.resolve(link.target, case.product_id)
        name = where.file
        if where.product != case.product_id or name in looked or name not in case.attachments:
            continue
        looked.add(name)
        if _suffix(name) in HANDOUT_TYPES and not _is_photo(name):  # a photo is published where it is declared
            yield from _content(case, name, case.document.body_line + link.line)
    for name in case.attachments:
        if _suffix(name) == ".svg" and name not in looked:
            yield from _content(case, name, 1)


def _content(case: Case, name: str, line: int) -> Iterator[Problem]:
    """What is wrong inside a file."""
    file = case.attachments[name]
    if (size := file.stat().st_size) > limits.MAX_ATTACHMENT_BYTES:
        values = {"file": name, "size": size / 1e6, "limit": limits.MAX_ATTACHMENT_BYTES / 1e6}
        yield case.at(line, "file-too-large", "attachment", **values)
    elif fault := attachments.look(file).fault:
        yield case.at(line, fault.code, fault.variant, **fault.values)


def _names(case: Case) -> Iterator[Problem]:
    """Files that a computer with Windows can't hold beside each other, or at all."""
    for fault in names.faults((name, 0) for name in (*case.attachments, case.document.file.rpartition("/")[2])):
        if fault.code == "reserved":
            yield case.at(1, "unsafe-file", "device", file=fault.path)
        elif fault.code == "case":
            yield case.at(1, "unsafe-file", "twin", file=fault.path, other=fault.other)


def _images(case: Case) -> Iterator[Problem]:
    for (*path, field), name, _, holder in _named_files(case.fields):
        if isinstance(holder, Image) and not holder.alt:
            yield case.problem(tuple(path), "missing-alt", file=name)
        if isinstance(holder, Video) and field == "file":
            continue  # it is told with its poster
        if isinstance(holder, Image | Video) and not holder.may_be_shown(case.today):
            variant = "" if holder.consent is None else "past"
            yield case.problem((*path, "consent"), "missing-consent", variant, file=name)


def _videos(case: Case) -> Iterator[Problem]:
    for index, video in enumerate(case.fields.videos):
        if not (video.file or video.url):
            yield case.problem(("videos", index), "missing-field", "video", field="url")


def _places(case: Case) -> Iterator[Problem]:
    for index, place in enumerate(getattr(case.fields, "places", [])):
        if place.lat != round(place.lat, 1) or place.lon != round(place.lon, 1):
            rounded = f"lat: {round(place.lat, 1)}, lon: {round(place.lon, 1)}"
            yield case.problem(("places", index), "precise-place", place=place.name, rounded=rounded)


def _community(case: Case) -> Iterator[Problem]:
    if case.kind.name == "session":
        folder = case.product_id.split("/")[1]
        if case.fields.community and case.fields.community != folder:
            values = {"got": case.fields.community, "folder": folder}
            yield case.problem(("community",), "bad-value", "community", field="community", **values)


def _original(case: Case) -> Iterator[Problem]:
    """A translation names the language of the text that it translates."""
    stamp = case.fields.translation_of
    if stamp is not None and stamp.language != case.original_lang:
        values = {"field": "translation_of.language", "got": stamp.language}
        path = ("translation_of", "language")
        yield case.problem(path, "bad-value", "original", case.original_lang, **values)


def _withdrawal(case: Case) -> Iterator[Problem]:
    if case.fields.status is Status.WITHDRAWN and not case.fields.withdrawal_reason:
        yield case.problem(("status",), "missing-field", "withdrawal", field="withdrawal_reason")


# -------------------------------------------------------------------------------- body


def _sections(case: Case) -> Iterator[Problem]:
    if case.fields.status is Status.WITHDRAWN:
        return
    words = texts(case.lang)
    present = {part.anchor: part for part in case.parts if part.known}
    for anchor in case.kind.required_sections():
        label = words(f"section.{case.kind.name}.{anchor}")
        if anchor not in present:
            yield case.at(case.document.body_line, "missing-section", section=label)
        elif present[anchor].is_blank:
            yield case.at(present[anchor].line, "missing-section", "empty", section=label)
    labels = labels_of(case.kind.name, case.lang)
    shown = {folded: words(f"section.{case.kind.name}.{anchor}") for folded, anchor in labels.items()}
    for part in case.parts:
        if part.title and fold(part.title) == fold(words("import.unplaced")):
            yield case.at(part.line, "unplaced-text", section=part.title)
        elif part.title and not part.known:
            known = ", ".join(shown.values())
            yield case.at(part.line, "unknown-section", "", nearest(part.title, shown), section=part.title, known=known)


def _citations(case: Case) -> Iterator[Problem]:
    number = len(case.fields.sources)
    if not number and case.document.meta.get("sources"):
        return  # they are at fault themselves
    for line, cited in links.citations(case.document.body):
        if not 1 <= cited <= number:
            yield case.at(case.document.body_line + line, "unknown-source", cited=cited, number=number)
    for name in ("results", "costs"):
        for index, figure in enumerate(getattr(case.fields, name, [])):
            if figure.source and figure.source > number:
                path = (name, index, "source")
                yield case.problem(path, "unknown-source", cited=figure.source, number=number)


def _body_images(case: Case) -> Iterator[Problem]:
    declared = {one.name for one in _named_files(case.fields)}
    for link in links.find(case.document.body):
        if not link.is_image:
            continue
        line = case.document.body_line + link.line
        if not link.text:
            yield case.at(line, "missing-alt", file=link.target)
        if links.is_elsewhere(link.target):
            yield case.at(line, "broken-link", "remote-image", target=link.target)
            continue
        name = links.resolve(link.target, case.product_id).file
        if name in case.attachments and _is_photo(name) and name not in declared:
            yield case.at(line, "missing-consent", "undeclared", file=name)


_CHECKS = (
    _terms,
    _files,
    _names,
    _images,
    _videos,
    _places,
    _community,
    _original,
    _withdrawal,
    _sections,
    _citations,
    _body_images,
)


# -------------------------------------------------------------------------------- translations


def inheritance(
    document: Document, untranslated: list[tuple[Any, ...]], decided: list[str], original: str
) -> Iterator[Problem]:
    """What a translation leaves in the original's language, and what it says in the original's place."""
    for path in untranslated:
        values = {"field": dotted(path), "original": original}
        yield Problem(document.file, document.line(*path), "untranslated-field", values=values)
    for name in decided:
        yield Problem(
            document.file, document.line(name), "inherited-field", values={"field": name, "original": original}
        )


def outdated(document: Document, changed: tuple[str, ...], parts: tuple[Part, ...], original: str) -> Problem:
    """The original changed since the translation was made; `parts` are the original's."""
    titles = {part.anchor: part.title for part in parts} | {FIELDS: "title, summary, …"}
    values = {"sections": ", ".join(titles.get(anchor, anchor) for anchor in changed) or "?", "original": original}
    return Problem(document.file, document.line("translation_of"), "outdated-translation", values=values)


# -------------------------------------------------------------------------------- the library


def relations(products: Mapping[str, Product], root: str) -> Iterator[Problem]:
    """What only the whole library can tell: links between products, former ids, courses of modules."""
    ids = {product_id: product_id for product_id in products}
    meant = cache(lambda target: nearest(target, ids))  # many links may be broken by one product that left
    for product in products.values():
        for lang, version in product.texts.items():
            document = version.document
            if lang == product.original_lang:
                yield from _related(product, document, products, meant)
            yield from _links(product, document, products, meant)
        if product.kind.name == "module" and product.parent_id not in products:
            values = {"course": f"{root}/{product.parent_id}"}
            yield Problem(product.original.file, 1, "missing-text", "course", values)


def _related(
    product: Product, document: Document, products: Mapping[str, Product], meant: Callable[[str], str]
) -> Iterator[Problem]:
    for index, other in enumerate(product.fields.related):
        if other not in products:
            values = {"target": other}
            line = document.line("related", index)
            yield Problem(document.file, line, "broken-link", "product", values, meant(other))
    for index, alias in enumerate(product.fields.aliases):
        if alias in products:
            values = {"field": "aliases", "got": alias}
            yield Problem(document.file, document.line("aliases", index), "bad-value", "alias", values)


def _links(
    product: Product, document: Document, products: Mapping[str, Product], meant: Callable[[str], str]
) -> Iterator[Problem]:
    for link in links.find(document.body):
        if links.is_elsewhere(link.target):
            continue
        where = links.resolve(link.target, product.id)
        line = document.body_line + link.line
        target = products.get(where.product)
        values = {"target": link.target}
        if target is None:
            yield Problem(document.file, line, "broken-link", "product", values, meant(where.product))
        elif where.file and where.file not in target.attachments:
            known = {name.casefold(): name for name in target.attachments}
            yield Problem(document.file, line, "broken-link", "file", values, nearest(where.file, known))


# -------------------------------------------------------------------------------- files


def publishable_files(product: Product, today: date) -> frozenset[str]:
    """Names of the product's files that the site may hold: those that a text shows or offers, and no others."""
    if product.is_withdrawn:
        return frozenset()
    wanted: set[str] = set()
    refused: set[str] = set()
    for version in product.texts.values():
        for one in _named_files(version.fields):
            shown = not isinstance(one.holder, Image | Video) or one.holder.may_be_shown(today)
            (wanted if shown else refused).add(one.name)
        for link in links.find(version.document.body):
            where = links.resolve(link.target, product.id)
            # A photo is published where the front matter declares it, with its consent: never by a link alone.
            if where.product == product.id and _suffix(where.file) in HANDOUT_TYPES and not _is_photo(where.file):
                wanted.add(where.file)
    return frozenset(wanted - refused).intersection(product.attachments)


def _suffix(name: str) -> str:
    return PurePosixPath(name).suffix.lower()


def _is_photo(name: str) -> bool:
    """Whether people may be recognised on it: any image but a drawing."""
    return _suffix(name) in IMAGE_TYPES and _suffix(name) != ".svg"


class _Named(NamedTuple):
    path: tuple[Any, ...]
    """Of the field that names the file."""
    name: str
    types: tuple[str, ...]
    holder: BaseModel
    """The group of fields in which it is."""


def _named_files(fields: Fields) -> Iterator[_Named]:
    """Every file that the front matter names."""
    for name in type(fields).model_fields:
        value = getattr(fields, name)
        groups = {(name,): value} if isinstance(value, BaseModel) else {}
        if isinstance(value, list):
            groups = {(name, index): item for index, item in enumerate(value) if isinstance(item, BaseModel)}
        for path, holder in groups.items():
            for field, info in type(holder).model_fields.items():
                mark, file = marks(info, FileOf), getattr(holder, field)
                if mark and file:
                    yield _Named((*path, field), file, mark.types, holder)
