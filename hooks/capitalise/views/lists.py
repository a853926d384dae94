"""The pages that lead to products: by kind, by term of a vocabulary, by country; and the glossary."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from markupsafe import Markup

from capitalise.addresses import ROOT
from capitalise.finding import facets
from capitalise.library import Product
from capitalise.markup import QUOTED
from capitalise.model import Evidence
from capitalise.views.base import CARDS_A_PAGE, Link, Page, Site
from capitalise.vocabularies import Term

COLLECTIONS = {"sheets": "sheet", "trainings": "course", "sessions": "session"}
TERM_PAGES = ("themes", "practices", "hazards", "organisations", "communities")
BLOCKS_A_PAGE = 8
"""Sheets of which a practice page shows the lessons at a time."""


def pages(site: Site) -> Iterator[Page]:
    """Every list of this language."""
    yield from _collections(site)
    for vocabulary in TERM_PAGES:
        yield _vocabulary(site, vocabulary)
        for term in site.library.vocabularies[vocabulary]:
            yield from _term(site, vocabulary, term)
    yield _countries(site)
    for code in site.library.countries:
        yield from _country(site, code)
    for facet in ("evidence", "year"):
        yield from _facet(site, facet)
    yield _glossary(site)


def _page(site: Site, path: str, template: str, title: str, description: str, view: Any, **more: Any) -> Page:
    return Page(path, site.lang, template, title, description, view, site.settings.languages, site.lang, **more)


def _home_crumb(site: Site, name: str) -> Link:
    return Link(site.texts(f"collection.{name}"), site.url(name))


def _listing(
    site: Site,
    path: str,
    title: str,
    description: str,
    products: Sequence[Product],
    more: Callable[[Sequence[Product]], dict[str, Any]],
    *,
    template: str = "listing.html",
    size: int = CARDS_A_PAGE,
    count: str = "count.products",
    **page: Any,
) -> Iterator[Page]:
    """A list of cards, as many pages as it takes. `more` says what a page shows beside the products that it lists."""
    for page_path, some, pager in site.paged(path, products, size):

        def view(some=some, pager=pager) -> dict[str, Any]:
            return {
                "title": title,
                "description": description,
                "count": site.texts.count(count, len(products)),
                "cards": site.cards(some),
                "pager": pager,
            } | more(some)

        yield _page(site, page_path, template, title + pager.suffix, description, view, **page)


def _collections(site: Site) -> Iterator[Page]:
    for path, kind in COLLECTIONS.items():
        title, description = site.texts(f"collection.{path}"), site.texts(f"collection.{path}.description")
        yield from _listing(
            site,
            path,
            title,
            description,
            site.library.of_kind(kind),
            lambda _: {"filters": ways(site, ("countries", "themes", "practices"), 12)},
        )


def ways(site: Site, names: Sequence[str], most: int) -> list[dict[str, Any]]:
    """Ways in that need no script: of each list its fullest terms, at most so many."""
    found = []
    for name in names:
        ids = site.library.countries if name == "countries" else [term.id for term in site.library.vocabularies[name]]
        links = counted_links(site, name, ids)[:most]
        found.append({"label": site.texts(f"collection.{name}"), "url": site.url(name), "links": links})
    return found


def counted_links(site: Site, vocabulary: str, ids: Sequence[str]) -> list[Link]:
    """Terms with the number of their products, the fullest first; those without any are left out."""
    found = []
    for term_id in ids:
        number = len(site.library.with_term(vocabulary, term_id))
        if number:
            link = site.term_link(vocabulary, term_id)
            found.append((-number, site.texts.sort_key(link.text), link._replace(note=site.texts.number(number))))
    return [link for _, _, link in sorted(found)]


# -------------------------------------------------------------------------------- vocabularies


def _vocabulary(site: Site, name: str) -> Page:
    """All terms of a vocabulary, under their parents."""
    vocabulary = site.library.vocabularies[name]

    def entry(term: Term) -> dict[str, Any]:
        children = [vocabulary[child] for child in vocabulary.narrower.get(term.id, ())]
        return {
            "link": site.term_link(name, term.id),
            "definition": term.meaning(site.lang),
            "count": len(site.library.with_term(name, term.id)),
            "children": [entry(child) for child in site.sorted_terms(children)],
        }

    def view() -> dict[str, Any]:
        roots = [term for term in vocabulary if not term.broader]
        return {
            "title": title,
            "description": description,
            "terms": [entry(term) for term in site.sorted_terms(roots)],
        }

    title, description = site.texts(f"collection.{name}"), site.texts(f"collection.{name}.description")
    return _page(site, name, "terms.html", title, description, view)


def _term(site: Site, name: str, term: Term) -> Iterator[Page]:
    products = site.library.with_term(name, term.id)
    page: dict[str, Any] = {"template": "term.html"}

    def more(some: Sequence[Product]) -> dict[str, Any]:
        return _about(site, name, term)

    if name == "communities":
        products = _community_order(products)
    elif name == "practices":  # a building block: what it is, and what every sheet that used it learned of it
        products = [product for product in products if product.kind.name == "sheet"]
        page = {"template": "practice.html", "size": BLOCKS_A_PAGE, "count": "count.sheets"}

        def more(some: Sequence[Product]) -> dict[str, Any]:
            return _about(site, name, term) | {"blocks": _blocks(site, some)}

    crumbs = (_home_crumb(site, name),)
    path, title, description = f"{name}/{term.id}", term.name(site.lang), term.meaning(site.lang)
    yield from _listing(site, path, title, description, products, more, crumbs=crumbs, indexed=bool(products), **page)


def _community_order(products: Sequence[Product]) -> tuple[Product, ...]:
    """A community's sessions in their order, then the sheets that it discussed."""
    sessions = sorted((p for p in products if p.kind.name == "session"), key=lambda p: p.fields.number)
    return (*sessions, *(p for p in products if p.kind.name != "session"))


def _about(site: Site, name: str, term: Term) -> dict[str, Any]:
    vocabulary = site.library.vocabularies[name]
    narrower = [vocabulary[child] for child in vocabulary.narrower.get(term.id, ())]
    matches = (
        Link(site.texts(f"term.{kind}"), uri)
        for kind, uri in (
            ("exact-match", term.exact_match),
            ("close-match", term.close_match),
            ("broad-match", term.broad_match),
        )
        if uri
    )
    return {
        "synonyms": term.synonyms.get(site.lang, []),
        "broader": site.term_link(name, term.broader) if term.broader else None,
        "narrower": [site.term_link(name, child.id) for child in site.sorted_terms(narrower)],
        "matches": list(matches),
        "website": term.url,
        "term_countries": site.term_links("countries", [c for c in term.countries if c in site.library.countries]),
    }


def _blocks(site: Site, sheets: Sequence[Product]) -> list[dict[str, Any]]:
    """Section by section, what each sheet says. Marks of notes lead to the sheet's own list."""
    quoted = [(sheet, {section.anchor: section for section in site.renderer.quoted(sheet)}) for sheet in sheets]
    blocks = []
    for anchor in QUOTED:
        told = [
            {
                "link": Link(link.text, f"{link.url}#{anchor}"),
                "countries": ", ".join(map(site.texts.country, sheet.fields.countries)),
                "lang": site.foreign(sheet),
                "html": _notes_elsewhere(str(section.html), link.url),
            }
            for sheet, sections in quoted
            if (section := sections.get(anchor))
            for link in (site.product_link(sheet),)
        ]
        if told:
            blocks.append({"anchor": anchor, "title": site.texts(f"section.sheet.{anchor}"), "told": told})
    return blocks


def _notes_elsewhere(html: str, url: str) -> Markup:
    """HTML quoted from a sheet: its notes lead to that sheet, and its marks lose the ids that they have there."""
    html = re.sub(r' id="[^"]*"', "", html)
    return Markup(html.replace('href="#', f'href="{ROOT}{url}#'))


# -------------------------------------------------------------------------------- countries and glossary


def _countries(site: Site) -> Page:
    title, description = site.texts("collection.countries"), site.texts("collection.countries.description")

    def view() -> dict[str, Any]:
        rows = [
            (site.term_link("countries", code), len(site.library.with_term("countries", code)))
            for code in site.library.countries
        ]
        rows.sort(key=lambda row: site.by_name(row[0]))
        return {
            "title": title,
            "description": description,
            "terms": [{"link": link, "definition": "", "count": count, "children": []} for link, count in rows],
        }

    return _page(site, "countries", "terms.html", title, description, view)


def _country(site: Site, code: str) -> Iterator[Page]:
    name = site.texts.country(code)
    products = [p for p in site.library.with_term("countries", code) if p.kind.name != "module"]
    description = site.texts("country.description", country=name)

    def more(_: Sequence[Product]) -> dict[str, Any]:
        themes: dict[str, None] = {}
        for product in products:
            themes.update(dict.fromkeys(product.fields.themes))
        return {
            "narrower": sorted(site.term_links("themes", list(themes)), key=site.by_name),
            "narrower_label": site.texts("country.themes"),
        }

    yield from _listing(
        site,
        f"countries/{code.lower()}",
        name,
        description,
        products,
        more,
        template="term.html",
        crumbs=(_home_crumb(site, "countries"),),
    )


FACET_PAGES = {"evidence": "evidence", "year": "years"}
"""Facet that no vocabulary holds → path of its pages."""


def _facet(site: Site, facet: str) -> Iterator[Page]:
    """The values of a facet, then the products of each: levels of evidence in their order, years the latest first."""
    path = FACET_PAGES[facet]
    by_value: dict[str, list[Product]] = {}
    for product in site.library.listed:
        for value in facets.VALUES[facet](product):
            by_value.setdefault(value, []).append(product)
    order = list(Evidence) if facet == "evidence" else sorted(by_value, reverse=True)
    found = [(str(value), by_value[str(value)]) for value in order if str(value) in by_value]
    title, description = site.texts(f"collection.{path}"), site.texts(f"collection.{path}.description")

    def label(value: str) -> str:
        return facets.label(facet, value, site.library, site.texts)

    def about(value: str) -> str:
        if facet != "evidence":
            return site.texts("year.description", year=value)
        meaning = site.texts(f"evidence.{value}.help")
        return f"{meaning[:1].upper()}{meaning[1:]}."

    def view() -> dict[str, Any]:
        terms = [
            {
                "link": Link(label(value), site.url(f"{path}/{value}")),
                "definition": about(value) if facet == "evidence" else "",
                "count": len(products),
                "children": [],
            }
            for value, products in found
        ]
        return {"title": title, "description": description, "terms": terms}

    yield _page(site, path, "terms.html", title, description, view)
    for value, products in found:
        crumbs = (_home_crumb(site, path),)
        yield from _listing(site, f"{path}/{value}", label(value), about(value), products, lambda _: {}, crumbs=crumbs)


def _glossary(site: Site) -> Page:
    title, description = site.texts("collection.glossary"), site.texts("collection.glossary.description")

    def view() -> dict[str, Any]:
        others = [lang for lang in site.settings.languages if lang != site.lang]
        letters: dict[str, list[dict[str, Any]]] = {}
        for term in site.sorted_terms(list(site.library.vocabularies["glossary"])):
            letter = site.texts.sort_key(term.name(site.lang))[0][:1].upper()
            letters.setdefault(letter, []).append(
                {
                    "id": term.id,
                    "label": term.name(site.lang),
                    "definition": term.meaning(site.lang),
                    "synonyms": term.synonyms.get(site.lang, []),
                    "others": [(lang, term.label[lang]) for lang in others if lang in term.label],
                    "exact_match": term.exact_match,
                }
            )
        return {"title": title, "description": description, "letters": letters}

    return _page(site, "glossary", "glossary.html", title, description, view)
