"""The part of the library that a copy holds."""

from __future__ import annotations

from dataclasses import replace

from capitalise.library import Library
from capitalise.reading import COLLECTIONS
from capitalise.stick.about import Request


class Unknown(ValueError):
    """The request names a language or a collection that the library does not have."""

    def __init__(self, name: str, choices: tuple[str, ...]) -> None:
        super().__init__(name)
        self.name, self.choices = name, choices


def languages(request: Request, built: tuple[str, ...]) -> tuple[str, ...]:
    """The languages of the copy: those asked for, in the site's order. Raises `Unknown`."""
    _known(request.languages, built)
    return tuple(lang for lang in built if lang in request.languages) or built


def check(request: Request) -> None:
    """Raises `Unknown` for a collection that no library has."""
    _known(request.collections, COLLECTIONS)


def select(library: Library, request: Request) -> Library:
    """The library with what was asked for alone."""
    if not request.collections:
        return library
    kept = {
        product_id: product
        for product_id, product in library.products.items()
        if product.kind.collection in request.collections
    }
    return replace(library, products=kept)


def _known(names: tuple[str, ...], choices: tuple[str, ...]) -> None:
    for name in names:
        if name not in choices:
            raise Unknown(name, choices)
