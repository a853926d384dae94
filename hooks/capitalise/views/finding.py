"""The pages on which products are found: search, catalogue, map, comparison. All say something without a script."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any

from capitalise.library import Product
from capitalise.views.base import CARDS_A_PAGE, Link, Page, Site
from capitalise.views.lists import counted_links

ROWS_A_PAGE = 100
"""Rows of the catalogue as a table."""


def pages(site: Site) -> Iterator[Page]:
    """Every such page of this language."""
    yield _page(site, "search", "search.html", lambda: {"ways": _ways(site)}, indexed=False)
    yield from _catalogue(site)
    yield _page(site, "coverage", "coverage.html", lambda: _coverage(site))
    yield _page(site, "compare", "compare.html", lambda: _compare(site))


def _page(site: Site, path: str, template: str, view: Any, *, suffix: str = "", **more: Any) -> Page:
    """A page named by the texts `collection.<name>` and `collection.<name>.description`."""
    name = path.partition("/")[0]
    title, description = site.texts(f"collection.{name}"), site.texts(f"collection.{name}.description")

    def whole() -> dict[str, Any]:
        return {"title": title, "description": description} | view()

    languages = site.settings.languages
    return Page(path, site.lang, template, title + suffix, description, whole, languages, site.lang, **more)


def _ways(site: Site) -> list[dict[str, Any]]:
    """The facets as links: each value is a page that needs no script."""
    library = site.library
    ways = []
    for name in ("themes", "practices", "countries", "hazards", "organisations"):
        ids = library.countries if name == "countries" else [term.id for term in library.vocabularies[name]]
        ways.append(
            {
                "label": site.texts(f"collection.{name}"),
                "url": site.url(name),
                "links": counted_links(site, name, ids)[:16],
            }
        )
    return ways


def _coverage(site: Site) -> dict[str, Any]:
    """How many products each theme has in each country: what the library lacks is seen at a glance."""
    library, texts = site.library, site.texts
    counts = Counter(
        (theme, country)
        for product in library.listed
        if product.kind.name != "module"
        for theme in product.fields.themes
        for country in product.fields.countries
    )
    countries = sorted(library.countries, key=lambda code: texts.sort_key(texts.country(code)))
    themes = site.sorted_terms(list(library.vocabularies["themes"]))
    rows = [
        (site.term_link("themes", theme.id), [(counts[theme.id, code], theme.id, code) for code in countries])
        for theme in themes
    ]
    return {"columns": site.term_links("countries", countries), "rows": rows, "catalogue": site.url("catalogue")}


def _compare(site: Site) -> dict[str, Any]:
    """Where a sheet stands, SLUG being its name, and the practices, whose pages bring sheets together too."""
    practices = [term.id for term in site.library.vocabularies["practices"]]
    return {"sheets": site.url("sheets/SLUG"), "practices": counted_links(site, "practices", practices)}


def _catalogue(site: Site) -> Iterator[Page]:
    """Every product, the newest first, as cards; and by title, as a table."""
    products = site.library.listed
    count = site.texts.count("count.products", len(products))
    links = {
        "cards": Link(site.texts("catalogue.cards"), site.url("catalogue")),
        "table": Link(site.texts("catalogue.table"), site.url("catalogue/table")),
    }
    for path, some, pager in site.paged("catalogue", products, CARDS_A_PAGE):

        def cards(some: Sequence[Product] = some, pager: Any = pager) -> dict[str, Any]:
            shown = {"cards": site.cards(some), "pager": pager, "count": count, "links": links, "shape": "cards"}
            return shown | ({"ways": _ways(site)[:3]} if pager.number == 1 else {})

        yield _page(site, path, "catalogue.html", cards, suffix=pager.suffix)
    by_title = sorted(products, key=lambda product: site.texts.sort_key(product.text(site.lang).fields.title))
    for path, some, pager in site.paged("catalogue/table", by_title, ROWS_A_PAGE):

        def table(some: Sequence[Product] = some, pager: Any = pager) -> dict[str, Any]:
            return {"cards": site.cards(some), "pager": pager, "count": count, "links": links, "shape": "table"}

        yield _page(site, path, "catalogue.html", table, suffix=pager.suffix, canonical_path="catalogue", indexed=False)
