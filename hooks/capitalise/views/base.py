"""One language of the site, and the small pieces that many pages show: links, cards, pictures, pagers."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple, TypeVar

from capitalise import covers, drawings, photos
from capitalise.fragments import Fragments
from capitalise.library import Library, Product
from capitalise.locales import texts
from capitalise.model import Image, Status
from capitalise.settings import Settings
from capitalise.store import Store
from capitalise.translation import State
from capitalise.vocabularies import Term

T = TypeVar("T")

CARDS_A_PAGE = 24
"""So that a list stays under 60 kB of HTML and one screenful of work for an old phone."""


class Link(NamedTuple):
    """Words that lead somewhere; `url` is an address of the site, or of elsewhere."""

    text: str
    url: str = ""
    note: str = ""
    lang: str = ""
    """Language of the words where it is not the page's."""


def contact_url(contact: str) -> str:
    """Where a contact leads: a web address as it is, an e-mail address with its scheme."""
    return contact if contact.startswith("http") else f"mailto:{contact}"


class Fact(NamedTuple):
    """A row of a facts box."""

    name: str
    label: str
    items: tuple[Link, ...]


class Picture(NamedTuple):
    """A picture that may be shown."""

    url: str
    alt: str
    caption: str
    credit: str
    licence: str
    size: tuple[int, int] | None = None
    """Width and height, so that the page keeps its place while the picture arrives."""


class Notice(NamedTuple):
    """Something that the reader must know before reading."""

    name: str
    text: str
    links: tuple[Link, ...] = ()


@dataclass(frozen=True)
class Card:
    """A product in a list."""

    url: str
    kind: str
    kind_label: str
    title: str
    summary: str
    lang: str
    """Language of its words where it is not the page's; empty otherwise."""
    lang_label: str
    status: str
    status_label: str
    countries: tuple[str, ...]
    themes: tuple[str, ...]
    date: str
    cover: Picture
    """Its own, or one that the program draws."""
    detail: str
    """What matters most of its kind: duration, number of modules, evidence."""
    why: str = ""
    """Why it stands beside another product."""


@dataclass(frozen=True)
class Pager:
    """One page of a list."""

    number: int
    total: int
    previous: str
    next: str
    pages: tuple[Link, ...]

    @property
    def suffix(self) -> str:
        """What tells this page's title from the first one's."""
        return f" ({self.number}/{self.total})" if self.number > 1 else ""


@dataclass(frozen=True)
class Place:
    """Where a page stands among its languages."""

    here: Mapping[str, str]
    """Language → address of the page in it, be it a fallback."""
    alternates: tuple[str, ...]
    """The languages that search engines should know of: those in which the page truly exists."""
    canonical: str
    content_lang: str
    indexed: bool


@dataclass(frozen=True)
class Page:
    """A page of the site in one language."""

    path: str
    lang: str
    template: str
    title: str
    description: str
    view: Callable[[], dict[str, Any]]
    """Makes what the template shows; called when the page is printed, not before."""
    languages: tuple[str, ...]
    """Those in which the page truly exists: a fallback is not one."""
    content_lang: str
    """Language of what it tells, where the interface's has no translation."""
    indexed: bool = True
    """Whether search engines should know it."""
    canonical_path: str = ""
    """Path of the page of which this one is another view; its own where empty."""
    crumbs: tuple[Link, ...] = field(default=())

    def place(self, site: Site) -> Place:
        """Where it stands; a fallback, or another view of a page, leads search engines to the one that counts."""
        return Place(
            here={lang: site.addresses.page(self.path, lang) for lang in site.languages},
            alternates=tuple(lang for lang in site.languages if lang in self.languages) if self.indexed else (),
            canonical=site.addresses.page(self.canonical_path or self.path, self.content_lang),
            content_lang=self.content_lang,
            indexed=self.indexed and self.content_lang == site.lang,
        )


class Site:
    """One language of the site: the library, and how to speak of it in that language.

    What is made for its pages goes into `store`, for the same `version` of the program.
    """

    def __init__(
        self, library: Library, settings: Settings, lang: str, store: Store | None = None, version: str = ""
    ) -> None:
        self.library, self.settings, self.lang = library, settings, lang
        self.addresses, self.languages = settings.addresses, settings.languages
        self.texts, self.version = texts(lang), version
        self.renderer = Fragments(library, lang, settings.addresses, store or Store(None), version)
        self._cards: dict[str, Card] = {}

    def url(self, path: str) -> str:
        """Address of a page in this language."""
        return self.addresses.page(path, self.lang)

    def product_link(self, product: Product) -> Link:
        """A product by its title."""
        return Link(product.text(self.lang).fields.title, self.url(product.id), lang=self.foreign(product))

    def term_link(self, vocabulary: str, term_id: str) -> Link:
        """A term by its label, or a country by its name, leading to its page."""
        if vocabulary == "countries":
            return Link(self.texts.country(term_id), self.url(f"countries/{term_id.lower()}"))
        term = self.library.term(vocabulary, term_id)
        return Link(term.name(self.lang) if term else term_id, self.url(f"{vocabulary}/{term_id}"))

    def term_links(self, vocabulary: str, term_ids: Sequence[str]) -> tuple[Link, ...]:
        """The links of several terms, in their order."""
        return tuple(self.term_link(vocabulary, term_id) for term_id in term_ids)

    def sorted_terms(self, terms: Sequence[Term]) -> list[Term]:
        """Terms in the alphabetical order of their labels."""
        return sorted(terms, key=lambda term: self.texts.sort_key(term.name(self.lang)))

    def by_name(self, link: Link) -> tuple[str, str]:
        """Key of the alphabetical order of links."""
        return self.texts.sort_key(link.text)

    def picture(self, product: Product, image: Image | None) -> Picture | None:
        """A picture of a product, or None where there is none to show."""
        if image is None or image.file not in product.shown_attachments(self.library.today):
            return None
        url = self.addresses.file(product.id, image.file)
        return Picture(url, image.alt or "", image.caption or "", image.credit, image.licence or "")

    def measured(self, product: Product, image: Image | None) -> Picture | None:
        """A picture with its size, for where it is shown whole."""
        picture = self.picture(product, image)
        if picture is None or image is None:
            return None
        path = product.attachments[image.file]
        measure = drawings.size if path.suffix.lower() == ".svg" else photos.size
        return picture._replace(size=measure(path))

    def foreign(self, product: Product) -> str:
        """The language of a product's words where it is not this one; empty otherwise."""
        lang = product.text(self.lang).lang
        return "" if lang == self.lang else lang

    def card(self, product: Product) -> Card:
        """A product in a list; made once, for a product stands in many."""
        if product.id not in self._cards:
            self._cards[product.id] = self._card(product)
        return self._cards[product.id]

    def _card(self, product: Product) -> Card:
        fields, lang = product.text(self.lang).fields, self.foreign(product)
        status = "" if fields.status is Status.PUBLISHED else str(fields.status)
        return Card(
            url=self.url(product.id),
            kind=product.kind.name,
            kind_label=self.texts(f"kind.{product.kind.name}"),
            title=fields.title,
            summary=fields.summary,
            lang=lang,
            lang_label=self.texts.language(lang) if lang else "",
            status=status,
            status_label=self.texts(f"status.{status}") if status else "",
            countries=tuple(map(self.texts.country, fields.countries[:3])),
            themes=tuple(link.text for link in self.term_links("themes", fields.themes[:2])),
            date=self.texts.month(fields.date),
            cover=self.picture(product, fields.cover) or _drawn(product),
            detail=self._detail(product),
        )

    def _detail(self, product: Product) -> str:
        if product.kind.name == "course":
            modules = self.texts.count("count.modules", len(self.library.modules(product)))
            minutes = self.library.duration(product)
            return f"{modules} · {self.texts.duration(minutes)}" if minutes else modules
        if product.kind.name == "session":
            return self.texts(f"format.{product.fields.format}")
        evidence = getattr(product.fields, "evidence", None)
        return self.texts(f"evidence.{evidence}") if evidence else ""

    def cards(self, products: Sequence[Product]) -> tuple[Card, ...]:
        """The products of a list."""
        return tuple(map(self.card, products))

    def paged(self, path: str, items: Sequence[T], size: int) -> Iterator[tuple[str, tuple[T, ...], Pager]]:
        """A long list as pages: the path of each, what it holds, and the way to the others."""
        total = max(1, -(-len(items) // size))
        paths = [path if number == 1 else f"{path}/page-{number}" for number in range(1, total + 1)]
        for number in range(1, total + 1):
            near = [n for n in range(1, total + 1) if n in (1, total) or abs(n - number) <= 2]
            pager = Pager(
                number,
                total,
                self.url(paths[number - 2]) if number > 1 else "",
                self.url(paths[number]) if number < total else "",
                tuple(Link(self.texts.number(n), self.url(paths[n - 1])) for n in near),
            )
            yield paths[number - 1], tuple(items[(number - 1) * size : number * size]), pager

    def state_label(self, state: State) -> str:
        """The name of a translation's state."""
        return self.texts(f"state.{state}")


def named_page(
    site: Site, path: str, template: str, view: Callable[[], dict[str, Any]], *, suffix: str = "", **more: Any
) -> Page:
    """A page named by the texts `collection.<first part of its path>` and `collection.<…>.description`."""
    name = path.partition("/")[0]
    title, description = site.texts(f"collection.{name}"), site.texts(f"collection.{name}.description")

    def whole() -> dict[str, Any]:
        return {"title": title, "description": description} | view()

    languages = site.settings.languages
    return Page(path, site.lang, template, title + suffix, description, whole, languages, site.lang, **more)


def _drawn(product: Product) -> Picture:
    """The cover that the program draws for a product without one; it illustrates, and says nothing."""
    return Picture(f"{covers.FOLDER}/{covers.name(product)}.svg", "", "", "", "")
