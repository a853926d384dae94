"""Every page that the site has in a language, made from the library."""

from __future__ import annotations

from collections.abc import Iterator

from capitalise.views import downloads, finding, lists, maps, products, upkeep, wayback
from capitalise.views.base import Page, Site

LISTS = (lists.pages, finding.pages, maps.pages, upkeep.pages, downloads.pages, wayback.pages)
"""Where the pages come from that lead to products."""


def pages(site: Site) -> Iterator[Page]:
    """All of them; each path once."""
    for source in (products.pages, *LISTS):
        yield from source(site)
