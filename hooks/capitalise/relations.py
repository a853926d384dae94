"""Which other products a reader of one will want, and why: those it declares, then those it resembles."""

from __future__ import annotations

from collections import defaultdict
from typing import NamedTuple

from capitalise.library import Library, Product, terms_of

WEIGHTS = {"practices": 5, "themes": 3, "hazards": 2, "communities": 2, "countries": 2, "organisations": 1}
"""What a shared term counts: what was done above what it was about, above where."""

_LOOKED_AT = 60
"""How many products are looked at for one term. A term that half of the library carries says little; looking at
all that carry it, for each of them, would cost the square of their number."""


class Related(NamedTuple):
    """Another product, and why."""

    product: Product
    shared: tuple[tuple[str, str], ...]
    """The (vocabulary, id) of the terms that both carry, those that count most first."""
    declared: bool = False
    """Whether its authors named it."""


def related(library: Library, product: Product, most: int = 4) -> tuple[Related, ...]:
    """The declared relations, then the nearest of the same collection or kind by shared terms; ties by id."""
    own = terms_of(product.fields)
    chosen = {
        other: True
        for other in product.fields.related
        if other in library.products and not library.products[other].is_withdrawn
    }
    scores: dict[str, int] = defaultdict(int)
    for vocabulary, term in own:
        for other in _near(library.with_term(vocabulary, term), product):
            if other.kind.name != "module":
                scores[other.id] += WEIGHTS[vocabulary]
    ranked = sorted(scores, key=lambda other: (-scores[other], other))
    for other in ranked:
        if len(chosen) >= most:
            break
        if other != product.id and other != product.parent_id:
            chosen.setdefault(other, False)
    mine = sorted(own, key=lambda term: -WEIGHTS[term[0]])
    found = []
    for other, declared in chosen.items():
        theirs = frozenset(terms_of(library.products[other].fields))
        shared = tuple(term for term in mine if term in theirs)
        found.append(Related(library.products[other], shared, declared))
    return tuple(found)


def _near(products: tuple[Product, ...], product: Product) -> tuple[Product, ...]:
    """At most `_LOOKED_AT` of the products, from a place of its own for each product: so each is found by some."""
    if len(products) <= _LOOKED_AT:
        return products
    start = int.from_bytes(product.revision.encode()[:6], "big") % len(products)
    window = products[start : start + _LOOKED_AT]
    return window + products[: _LOOKED_AT - len(window)]
