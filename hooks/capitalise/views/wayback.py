"""The page of the offline form, and the links that lead to it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from urllib.parse import urlencode

from capitalise.library import Product
from capitalise.views.base import Link, Page, Site, contact_url, named_page
from capitalise.wayback import PATH, remark, script


def pages(site: Site) -> Iterator[Page]:
    """The page of the form."""
    yield named_page(site, PATH, "contribute-offline.html", lambda: _view(site))


def remark_link(site: Site, product: Product) -> Link:
    """The form, and after a `?` the note that makes it ready for a remark: which product, which of its texts."""
    text = product.text(site.lang)
    about = {
        "product": product.id,
        "kind": product.kind.name,
        "lang": text.lang,
        "revision": remark.revision(text),
        "title": text.fields.title,
    }
    return Link(site.texts("wayback.remark.link"), site.url(PATH), urlencode(about))


def _view(site: Site) -> dict[str, Any]:
    settings = site.settings
    return {
        "script": script(site.lang),
        "phone": settings.phone,
        "contact": settings.contact,
        "contact_url": contact_url(settings.contact),
        "word": Link(site.texts("page.contribute"), site.addresses.document("contribute", site.lang)),
    }
