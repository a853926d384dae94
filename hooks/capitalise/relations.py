"""Which other products a reader of one will want: those it declares, then those it resembles."""

from __future__ import annotations

from collections import defaultdict

from capitalise.library import Library, Product, terms_of

WEIGHTS = {"practices": 5, "themes": 3, "hazards": 2, "communities": 2, "countries": 2, "organisations": 1}
"""What a shared term counts: what was done above what it was about, above where."""

_LOOKED_AT = 60
"""How many products are looked at for one term. A term that half of the library carries says little; looking at
all that carry it, for each of them, would cost the square of their number."""


def related(library: Library, product: Product, most: int = 4) -> tuple[Product, ...]:
    """The declared relations, then the nearest of the same collection or kind by shared terms; ties by id."""
    chosen = {
        other: library.products[other]
        for other in product.fields.related
        if other in library.products and not library.products[other].is_withdrawn
    }
    scores: dict[str, int] = defaultdict(int)
    for vocabulary, term in terms_of(product.fields):
        for other in _near(library.with_term(vocabulary, term), product):
            if other.kind.name != "module":
                scores[other.id] += WEIGHTS[vocabulary]
    ranked = sorted(scores, key=lambda other: (-scores[other], other))
    for other in ranked:
        if len(chosen) >= most:
            break
        if other != product.id and other != product.parent_id:
            chosen.setdefault(other, library.products[other])
    return tuple(chosen.values())


def _near(products: tuple[Product, ...], product: Product) -> tuple[Product, ...]:
    """At most `_LOOKED_AT` of the products, from a place of its own for each product: so each is found by some."""
    if len(products) <= _LOOKED_AT:
        return products
    start = int.from_bytes(product.revision.encode()[:6], "big") % len(products)
    window = products[start : start + _LOOKED_AT]
    return window + products[: _LOOKED_AT - len(window)]
