"""The pages on which products are found: search, catalogue, map, comparison. All say something without a script."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any

from capitalise.library import Product
from capitalise.views.base import CARDS_A_PAGE, Link, Page, Site, named_page
from capitalise.views.lists import counted_links, ways

ROWS_A_PAGE = 100
"""Rows of the catalogue as a table."""
WAYS = ("themes", "practices", "countries", "hazards", "organisations")
"""The lists that lead to products without a script."""


def pages(site: Site) -> Iterator[Page]:
    """Every such page of this language."""
    yield named_page(site, "search", "search.html", lambda: {"ways": ways(site, WAYS, 16)}, indexed=False)
    yield from _catalogue(site)
    yield named_page(site, "coverage", "coverage.html", lambda: _coverage(site))
    yield named_page(site, "compare", "compare.html", lambda: _compare(site))


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
            return shown | ({"ways": ways(site, WAYS[:3], 16)} if pager.number == 1 else {})

        yield named_page(site, path, "catalogue.html", cards, suffix=pager.suffix)
    by_title = sorted(products, key=lambda product: site.texts.sort_key(product.text(site.lang).fields.title))
    for path, some, pager in site.paged("catalogue/table", by_title, ROWS_A_PAGE):

        def table(some: Sequence[Product] = some, pager: Any = pager) -> dict[str, Any]:
            return {"cards": site.cards(some), "pager": pager, "count": count, "links": links, "shape": "table"}

        yield named_page(
            site, path, "catalogue.html", table, suffix=pager.suffix, canonical_path="catalogue", indexed=False
        )
