"""The open data: the library in the formats that other programs read.

Each export is a pure function from the library to a text, sorted and the same byte for byte for the same library,
which is to be written as UTF-8 without changing its line ends (`write_bytes(text.encode())`). Adding an export is
adding a line here. Drafts are in none of them, withdrawn products in `withdrawn.json` alone.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import partial

from capitalise.data import schemas
from capitalise.data.catalogue import catalogue_csv, catalogue_json
from capitalise.data.citation import bibtex, ris
from capitalise.data.feeds import atom
from capitalise.data.places import places_geojson
from capitalise.data.skos import vocabularies_jsonld
from capitalise.data.withdrawn import withdrawn_json
from capitalise.library import Library, Product
from capitalise.settings import Settings

Export = Callable[[Library, Settings], str]

FILES: dict[str, Export] = {
    "catalogue.json": catalogue_json,
    "catalogue.csv": catalogue_csv,
    "places.geojson": places_geojson,
    "vocabularies.jsonld": vocabularies_jsonld,
    "withdrawn.json": withdrawn_json,
    **schemas.FILES,
}
"""File at the site's root → what makes it."""

BESIDE: dict[str, Callable[[Product, Library, Settings, str], str]] = {
    "citation.bib": bibtex,
    "citation.ris": ris,
}
"""File beside the page of a product in each language → what makes it."""


def feeds(languages: Iterable[str]) -> dict[str, Export]:
    """The feed of each language, at the site's root: `feed_fr.xml`."""
    return {f"feed_{lang}.xml": partial(atom, lang=lang) for lang in languages}
