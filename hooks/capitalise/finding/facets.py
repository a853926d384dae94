"""The facets by which search, catalogue and map narrow: what a product carries of each, and how it is called."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from capitalise.library import Library, Product, terms_of
from capitalise.locales import Texts


def _field(name: str, product: Product) -> list[str]:
    value = getattr(product.fields, name, None)
    if not value:
        return []
    return [str(one) for one in value] if isinstance(value, (list, tuple)) else [str(value)]


VALUES: dict[str, Callable[[Product], list[str]]] = {
    "kind": lambda product: [product.kind.name],
    "theme": partial(_field, "themes"),
    "practice": partial(_field, "practices"),
    "country": partial(_field, "countries"),
    "year": lambda product: [str(product.fields.date.year)],
    "evidence": partial(_field, "evidence"),
}
"""Facet → its values of a product: ids and codes, which do not depend on the language."""

_VOCABULARIES = {"theme": "themes", "practice": "practices"}
_SPOKEN = {*_VOCABULARIES.values(), "hazards", "organisations"}
"""Vocabularies whose words lead to what carries them."""


def label(facet: str, value: str, library: Library, texts: Texts) -> str:
    """How a value is called in a language."""
    if facet in _VOCABULARIES:
        term = library.term(_VOCABULARIES[facet], value)
        return term.name(texts.lang) if term else value
    if facet == "country":
        return texts.country(value)
    return value if facet == "year" else texts(f"{facet}.{value}")


def used(library: Library) -> dict[str, dict[str, int]]:
    """Facet → value → number of products, of those that carry any; values in the order of their ids."""
    counts: dict[str, dict[str, int]] = {facet: {} for facet in VALUES}
    for product in library.listed:
        for facet, values in VALUES.items():
            for value in values(product):
                counts[facet][value] = counts[facet].get(value, 0) + 1
    return {facet: dict(sorted(found.items())) for facet, found in counts.items()}


def words(library: Library, product: Product, lang: str) -> list[str]:
    """Labels and synonyms, in a language, of the terms that a product carries: words that may not be in its text."""
    said: dict[str, None] = {}
    for vocabulary, term_id in terms_of(product.fields):
        if vocabulary in _SPOKEN and (term := library.term(vocabulary, term_id)):
            said[term.name(lang)] = None
            said.update(dict.fromkeys(term.synonyms.get(lang, ())))
    return list(said)
