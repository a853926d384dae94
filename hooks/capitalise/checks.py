"""What a contribution must respect beyond the form of each field.

One function per matter; all are run, whatever the others find.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache, cached_property
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Any, NamedTuple

from pydantic import BaseModel

from capitalise import attachments, limits, links, removals
from capitalise.frontmatter import Document, dotted
from capitalise.locales import fold, texts
from capitalise.model import Consent, Fields, Handout, Image, Kind, Status, Video
from capitalise.personal import checking as personal
from capitalise.problems import Problem
from capitalise.schema import files_in, terms_in
from capitalise.sections import FIELDS, Part, labels_of
from capitalise.stick import names
from capitalise.values import HANDOUT_TYPES, IMAGE_TYPES
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
    covered: personal.Covered
    """What editors acknowledged and the product's texts hold; the checks of all its languages add to it."""

    @cached_property
    def links(self) -> tuple[links.Link, ...]:
        """What its body points at."""
        return tuple(links.find(self.document.body))

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
    for name, wanted in terms_in(case.kind.fields).items():
        value = getattr(case.fields, name)
        vocabulary = case.vocabularies[wanted]
        unknown = 0
        for index, term in enumerate([value] if isinstance(value, str) else value or ()):
            if not vocabulary.knows(term):
                path = (name,) if isinstance(value, str) else (name, index)
                values = {"term": term, "vocabulary": wanted}
                meant = vocabulary.suggest(term) if unknown < limits.MAX_SUGGESTIONS else ""
                unknown += 1
                yield case.problem(path, "unknown-term", "", meant, **values)


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
    for link in case.links:
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
            given = holder.consent.given if isinstance(holder.consent, Consent) else None
            variant = "" if given is None else "future" if given > case.today else "past"
            values = {"given": given.isoformat()} if variant == "future" and given else {}
            yield case.problem((*path, "consent"), "missing-consent", variant, file=name, **values)


def _videos(case: Case) -> Iterator[Problem]:
    for index, video in enumerate(case.fields.videos):
        if not (video.file or video.url):
            yield case.problem(("videos", index), "missing-field", "video", field="url")


def _places(case: Case) -> Iterator[Problem]:
    for index, place in enumerate(getattr(case.fields, "places", [])):
        if place.lat != round(place.lat, 1) or place.lon != round(place.lon, 1):
            if personal.covers(case.fields, "precise-place", f"{place.lat}, {place.lon}", case.covered):
                continue
            rounded = f"lat: {round(place.lat, 1)}, lon: {round(place.lon, 1)}"
            yield case.problem(("places", index), "precise-place", place=place.name, rounded=rounded)


def _personal(case: Case) -> Iterator[Problem]:
    """Names of files are the folder's: they are told once, with the original."""
    names = case.attachments if case.lang == case.original_lang else ()
    yield from personal.in_text(case.document, case.fields, names, case.covered)


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
    for part in case.parts:
        if part.known or not part.title:
            continue
        if fold(part.title) == fold(words("import.unplaced")):
            yield case.at(part.line, "unplaced-text", section=part.title)
        else:
            labels = labels_of(case.kind.name, case.lang)
            shown = {folded: words(f"section.{case.kind.name}.{anchor}") for folded, anchor in labels.items()}
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


def _handouts(case: Case) -> Iterator[Problem]:
    """A photo that is offered to download shows people too."""
    declared = _with_people(case.fields)
    for index, handout in enumerate(case.fields.files):
        if _is_photo(handout.file) and handout.file not in declared:
            yield case.problem(("files", index), "missing-consent", "handout", file=handout.file)


def _body_images(case: Case) -> Iterator[Problem]:
    declared = _with_people(case.fields)
    for link in case.links:
        line = case.document.body_line + link.line
        if not link.is_image:
            where = links.resolve(link.target, case.product_id)
            own = where.product == case.product_id and where.file in case.attachments
            if own and not links.is_elsewhere(link.target) and _is_photo(where.file) and where.file not in declared:
                yield case.at(line, "missing-consent", "linked", file=where.file)
            continue
        if not link.text:
            yield case.at(line, "missing-alt", file=link.target)
        if links.is_elsewhere(link.target):
            if links.is_on_the_web(link.target):
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
    _personal,
    _community,
    _original,
    _withdrawal,
    _sections,
    _citations,
    _handouts,
    _body_images,
    removals.check,
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


Pointers = list[tuple[int, str]]
"""The links of a text that stay on the site: the line of each in the file, and its target."""


def pointers(case: Case) -> Pointers:
    """The links that the whole library must be known to judge."""
    first = case.document.body_line
    return [(first + link.line, link.target) for link in case.links if not links.is_elsewhere(link.target)]


def relations(products: Mapping[str, Product], pointing: Mapping[str, Pointers], root: str) -> Iterator[Problem]:
    """What only the whole library can tell: links between products, former ids, courses of modules.

    `pointing` are the links of each text, by its file.
    """
    ids = {product_id: product_id for product_id in products}
    meant = cache(lambda target: nearest(target, ids))  # many links may be broken by one product that left
    for product in products.values():
        for lang, version in product.texts.items():
            if lang == product.original_lang:
                yield from _related(product, products, meant)
            yield from _links(product, version.file, pointing.get(version.file, []), products, meant)
        if product.kind.name == "module" and product.parent_id not in products:
            values = {"course": f"{root}/{product.parent_id}"}
            yield Problem(product.original.file, 1, "missing-text", "course", values)


def _related(product: Product, products: Mapping[str, Product], meant: Callable[[str], str]) -> Iterator[Problem]:
    original = product.original
    broken = [(index, other) for index, other in enumerate(product.fields.related) if other not in products]
    for number, (index, other) in enumerate(broken):
        guess = meant(other) if number < limits.MAX_SUGGESTIONS else ""
        line = original.document.line("related", index)
        yield Problem(original.file, line, "broken-link", "product", {"target": other}, guess)
    for index, alias in enumerate(product.fields.aliases):
        if alias in products:
            values = {"field": "aliases", "got": alias}
            line = original.document.line("aliases", index)
            yield Problem(original.file, line, "bad-value", "alias", values)


def _links(
    product: Product, file: str, pointing: Pointers, products: Mapping[str, Product], meant: Callable[[str], str]
) -> Iterator[Problem]:
    broken = 0
    for line, link in pointing:
        where = links.resolve(link, product.id)
        target = products.get(where.product)
        if target is not None and (not where.file or where.file in target.attachments):
            continue
        guess = ""
        if broken < limits.MAX_SUGGESTIONS:
            known = {name.casefold(): name for name in target.attachments} if target else {}
            guess = nearest(where.file, known) if target else meant(where.product)
        broken += 1
        yield Problem(file, line, "broken-link", "file" if target else "product", {"target": link}, guess)


# -------------------------------------------------------------------------------- files


def publishable_files(product: Product, today: date) -> frozenset[str]:
    """Names of the product's files that the site may hold: those that a text shows or offers, and no others.

    A photo is among them where the front matter declares it with a consent that holds on that day, and never because
    a link leads to it or it is offered to download; a consent that is refused anywhere keeps it out everywhere.
    """
    if product.is_withdrawn:
        return frozenset()
    wanted: set[str] = set()
    refused: set[str] = set()
    for version in product.texts.values():
        for one in _named_files(version.fields):
            if isinstance(one.holder, Image | Video):
                (wanted if one.holder.may_be_shown(today) else refused).add(one.name)
            elif not _is_photo(one.name):
                wanted.add(one.name)
        for link in links.find(version.body):
            where = links.resolve(link.target, product.id)
            if where.product == product.id and _suffix(where.file) in HANDOUT_TYPES and not _is_photo(where.file):
                wanted.add(where.file)
    return frozenset(wanted - refused).intersection(product.attachments)


def _suffix(name: str) -> str:
    return PurePosixPath(name).suffix.lower()


def _is_photo(name: str) -> bool:
    """Whether people may be recognised on it: any image but a drawing."""
    return _suffix(name) in IMAGE_TYPES and _suffix(name) != ".svg"


def _with_people(fields: Fields) -> set[str]:
    """The pictures and films that are declared, with their consent or without."""
    return {one.name for one in _named_files(fields) if not isinstance(one.holder, Handout)}


class _Named(NamedTuple):
    path: tuple[Any, ...]
    """Of the field that names the file."""
    name: str
    types: tuple[str, ...]
    holder: BaseModel
    """The group of fields in which it is."""


def _named_files(fields: Fields) -> Iterator[_Named]:
    """Every file that the front matter names."""
    for name, named in files_in(type(fields)).items():
        value = getattr(fields, name)
        many = isinstance(value, list)
        for index, holder in enumerate(value if many else [value] if value else ()):
            for field, types in named.items():
                if file := getattr(holder, field):
                    yield _Named((name, index, field) if many else (name, field), file, types, holder)
