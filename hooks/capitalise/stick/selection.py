"""The part of the library that a copy holds."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from capitalise.library import Library, Product, terms_of
from capitalise.locales import Texts
from capitalise.reading import COLLECTIONS
from capitalise.stick.about import Request

_TERMS = {
    "theme": "themes",
    "practice": "practices",
    "hazard": "hazards",
    "organisation": "organisations",
    "community": "communities",
    "country": "countries",
}
FACETS = (*_TERMS, "course")
"""What a copy can be limited to: `theme=water`, `country=BF`, `course=learn-by-doing`."""


class Unknown(ValueError):
    """The request names a language, a collection or something else that the library does not have."""

    def __init__(self, name: str, choices: tuple[str, ...]) -> None:
        super().__init__(name)
        self.name, self.choices = name, choices


def languages(request: Request, built: tuple[str, ...]) -> tuple[str, ...]:
    """The languages of the copy: those asked for, in the site's order. Raises `Unknown`."""
    _known(request.languages, built)
    return tuple(lang for lang in built if lang in request.languages) or built


def check(request: Request) -> None:
    """Raises `Unknown` for what no library has."""
    _known(request.collections, COLLECTIONS)
    for name in request.only:
        if name.partition("=")[0] not in FACETS or not name.partition("=")[2]:
            raise Unknown(name, tuple(f"{facet}=…" for facet in FACETS))


def select(library: Library, request: Request) -> Library:
    """The library with what was asked for alone: a product that has one of the things named. Raises `Unknown`."""
    check(request)
    wanted = [_test(library, name) for name in request.only]
    kept = {
        product_id: product
        for product_id, product in library.products.items()
        if (not request.collections or product.kind.collection in request.collections)
        and (not wanted or any(test(product) for test in wanted))
    }
    return replace(library, products=kept) if request.collections or wanted else library


def _test(library: Library, name: str) -> Callable[[Product], bool]:
    facet, _, value = name.partition("=")
    if facet == "course":
        courses = tuple(course.id for course in library.of_kind("course"))
        course = f"trainings/{value}"
        _known((course,), courses)
        return lambda product: course in (product.id, product.parent_id)
    vocabulary = _TERMS[facet]
    term = value.upper() if facet == "country" else value
    known = {
        id for one, id in {key for product in library.listed for key in terms_of(product.fields)} if one == vocabulary
    }
    _known((term,), tuple(sorted(known)))
    # A module goes with its course, and a course with its modules: half of one teaches nobody.
    holders = {product.id for product in library.products.values() if (vocabulary, term) in terms_of(product.fields)}
    holders |= {product.parent_id for product in library.of_kind("module") if product.id in holders}
    return lambda product: product.id in holders or (product.kind.name == "module" and product.parent_id in holders)


def label(library: Library, name: str, texts: Texts) -> str:
    """What a choice is called: « Eau », "Burkina Faso", a course by its title."""
    facet, _, value = name.partition("=")
    if facet == "country":
        return texts.country(value.upper())
    if facet == "course":
        course = library.products.get(f"trainings/{value}")
        return course.text(texts.lang).fields.title if course else value
    term = library.term(_TERMS[facet], value) if facet in _TERMS else None
    return term.name(texts.lang) if term else value


def _known(names: tuple[str, ...], choices: tuple[str, ...]) -> None:
    for name in names:
        if name not in choices:
            raise Unknown(name, choices)
