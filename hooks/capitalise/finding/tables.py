"""The tables that the catalogue, the map and the search read in the browser, in each language.

A table is a script that says `capitalise.take(language/name, value)`: a script can be had over http and from a file
alike. One small table lists all products by their facets, for counting and filtering; the cards come in chunks, when
they are shown. So what a reader fetches does not grow with what the library tells of each product.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from typing import Any

from capitalise.data.selection import coordinates
from capitalise.finding import facets
from capitalise.finding.index import Index
from capitalise.library import Product
from capitalise.views.base import Card, Site

Facets = Mapping[str, Mapping[str, int]]
"""Facet → value → number of products."""
CHUNK = 48
"""Cards in a chunk: two pages of them."""
ALIKE = 100
"""One result in so many may share the beginning of its name with another."""


def tables(site: Site, index: Index) -> Iterator[tuple[str, str]]:
    """Name of each table of a language, and its script; `index` is that of the language."""
    products, used = site.library.listed, facets.used(site.library)
    for name, value in (
        ("words", _words(site, used)),
        ("catalogue", _catalogue(products, used)),
        ("orders", _orders(site, products)),
        (
            "results",
            _results(site, products, index.names) | ({"parts": index.vocabularies} if index.vocabularies else {}),
        ),
        ("spelling", index.spelling),
        ("places", _places(site, products)),
    ):
        yield name, script(site, name, value)
    for first in range(0, len(products), CHUNK):
        name = f"cards-{first // CHUNK}"
        yield name, script(site, name, [_card(site.card(product)) for product in products[first : first + CHUNK]])


def script(site: Site, name: str, value: Any) -> str:
    """What hands over a value in a language, under a name."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    # Two characters that old browsers take for the end of a line (ECMA-262 before 2019).
    text = text.replace("\u2028", "\\u2028").replace("\u2029", "\\u2029")
    return f"capitalise.take({json.dumps(f'{site.lang}/{name}')},{text});\n"


def _words(site: Site, used: Facets) -> dict[str, Any]:
    """What the browser says, and how each value of a facet is called."""
    t, library = site.texts, site.library
    return {
        "texts": {key.removeprefix("find."): text for key, text in t.table.items() if key.startswith("find.")},
        "facets": {
            facet: {value: facets.label(facet, value, library, t) for value in values} for facet, values in used.items()
        },
        "languages": {lang: t.language(lang) for lang in site.languages},
        "directories": site.addresses.directories,
        "ways": {
            name: [t(f"collection.{name}"), site.url(name)]
            for name in ("catalogue", "themes", "practices", "countries", "map", "glossary")
        },
        "kinds": {kind: t(f"kind.{kind}") for kind in ("sheet", "course", "module", "session")},
    }


def _catalogue(products: tuple[Product, ...], used: Facets) -> dict[str, Any]:
    """Columns, one entry for each product, the newest first: places of its values in `facets`."""
    known = {facet: list(values) for facet, values in used.items()}
    number = {facet: {value: n for n, value in enumerate(values)} for facet, values in known.items()}
    return {
        "chunk": CHUNK,
        "facets": known,
        "rows": {
            facet: [[number[facet][value] for value in values(product)] for product in products]
            for facet, values in facets.VALUES.items()
        },
    }


def _orders(site: Site, products: tuple[Product, ...]) -> dict[str, list[int]]:
    """The rows of the catalogue in the other orders than the newest first."""
    by_title = [site.texts.sort_key(product.text(site.lang).fields.title) for product in products]
    by_country = [
        [site.texts.sort_key(site.texts.country(code)) for code in product.fields.countries[:1]] or [("\uffff", "")]
        for product in products
    ]
    rows = range(len(products))
    return {
        "title": sorted(rows, key=lambda row: by_title[row]),
        "country": sorted(rows, key=lambda row: (by_country[row], by_title[row])),
    }


def _results(site: Site, products: tuple[Product, ...], results: Mapping[str, str]) -> dict[str, Any]:
    """The search engine's name of each row of the catalogue: its first digits, all rows one after the other.

    Blanks where the product has no text in this language. Random digits do not pack, so there are as few as leave one
    in a hundred with another's; those stand whole in `alike`, with their row.
    """
    names = [results.get(site.url(product.id).removesuffix("index.html"), "") for product in products]
    width, shared = 1, set[str]()
    for width in range(1, max(map(len, names), default=1) + 1):
        shared = _shared(results.values(), width)
        if sum(name[:width] in shared for name in results.values()) * ALIKE <= len(results):
            break
    alike = {name: row for row, name in enumerate(names) if name and name[:width] in shared}
    return {"width": width, "names": "".join(name[:width].ljust(width) for name in names), "alike": alike}


def _shared(names: Collection[str], width: int) -> set[str]:
    """The beginnings of that width that more than one name has."""
    return {start for start, number in Counter(name[:width] for name in names).items() if number > 1}


def _places(site: Site, products: tuple[Product, ...]) -> list[list[Any]]:
    """Each place of each product: its row in the catalogue, latitude, longitude, name."""
    return [
        [row, *coordinates(place), place.name]
        for row, product in enumerate(products)
        for place in getattr(product.text(site.lang).fields, "places", ())
    ]


def _card(card: Card) -> list[str]:
    """A card as the catalogue's script reads it; texts, never HTML."""
    about = ", ".join(card.countries)
    badges = [label for label in (card.status_label, card.lang_label) if label]
    return [
        card.url,
        card.kind,
        card.title,
        card.summary,
        card.lang,
        card.cover.url,
        card.detail,
        about,
        ", ".join(card.themes),
        card.date,
        *badges,
    ]
