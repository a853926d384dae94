"""The Library: every product in every language, the vocabularies, and what relates them.

It is read once (`reading.py`), then immutable; every face of the site is made from it and knows no other.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import Any

from capitalise import checks, frontmatter, sections, translation, vocabularies
from capitalise.model import Fields, Kind, Status
from capitalise.problems import Problem
from capitalise.translation import State
from capitalise.vocabularies import Vocabulary


@dataclass(frozen=True, slots=True)
class Text:
    """A product in one language."""

    lang: str
    file: str
    """Path as the contributor knows it."""
    kind: Kind
    fields: Fields
    packed: frontmatter.Packed = field(repr=False)
    state: State = State.ORIGINAL
    changed: tuple[str, ...] = ()
    """Anchors of the sections of the original that changed since this translation (`fields`: the front matter)."""

    @property
    def body(self) -> str:
        """Its Markdown."""
        return self.packed.body

    @property
    def parts(self) -> tuple[sections.Part, ...]:
        """The sections of its body: cut anew each time, which takes less than to show one of them."""
        return sections.split(self.packed.body, self.kind, self.lang, self.packed.body_line)

    @property
    def document(self) -> frontmatter.Document:
        """The file with the line of each value: read anew each time."""
        return self.packed.document


@dataclass(frozen=True, slots=True)
class Product:
    """A product in all its languages."""

    id: str
    kind: Kind
    place: str
    """Path of its folder."""
    texts: Mapping[str, Text]
    original_lang: str
    revision: str
    attachments: Mapping[str, Path] = field(repr=False)
    """The other files of its folder, by name."""
    _shown: list[tuple[date, frozenset[str]]] = field(default_factory=list, repr=False, compare=False)

    @property
    def folder(self) -> Path:
        """Its folder."""
        return Path(self.place)

    @property
    def hashes(self) -> Mapping[str, str]:
        """The hash of each section of the original, by its anchor: worked out anew each time."""
        return translation.section_hashes(self.original.document.meta, self.kind.fields, self.original.parts)

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
        if not self._shown or self._shown[0][0] != today:  # asked on every page
            self._shown[:] = [(today, checks.publishable_files(self, today))]
        return self._shown[0][1]


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

    @classmethod
    def empty(cls, languages: tuple[str, ...], today: date) -> Library:
        """A library without a product or a term."""
        return cls({}, {name: Vocabulary(name) for name in vocabularies.NAMES}, languages, (), (), today)

    @cached_property
    def listed(self) -> tuple[Product, ...]:
        """The products that lists, exports and relations show, newest first: all but the withdrawn.

        Of a day, the models come after what was lived.
        """
        shown = [product for product in self.products.values() if not product.is_withdrawn]
        return tuple(sorted(shown, key=lambda p: (-p.fields.date.toordinal(), p.fields.status is Status.EXAMPLE, p.id)))

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
