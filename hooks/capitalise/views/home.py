"""The home page, and what every page shows around its text: the menu, the language switch, the foot."""

from __future__ import annotations

from typing import Any

from capitalise import policy
from capitalise.stick.downloads import FOLDER as DOWNLOADS
from capitalise.views.base import Link, Site, contact_url
from capitalise.views.lists import COLLECTIONS, counted_links
from capitalise.wayback import PATH as FORM

MENU = ("sheets", "trainings", "sessions", "themes", "catalogue", "map")
"""The lists that the menu names, beside the programme."""

FOOT = (
    (
        "explore",
        (
            *MENU,
            "practices",
            "countries",
            "hazards",
            "organisations",
            "communities",
            "evidence",
            "years",
            "glossary",
            "coverage",
            "compare",
        ),
    ),
    ("take-part", ("contribute", FORM, "fields", "status", "health")),
    ("about", ("programme", DOWNLOADS, "open-data", "legal", "privacy")),
)
"""The foot of every page: groups of lists and of pages written by hand (`DOCUMENTS`)."""

DOCUMENTS = {"programme", "contribute", "open-data", "legal", "privacy"}


def home(site: Site) -> dict[str, Any]:
    """The latest products and the ways in, each with its number."""
    library, t = site.library, site.texts
    latest = [product for product in library.listed if product.kind.name != "module"][:6]
    themes = [term.id for term in library.vocabularies["themes"]]
    practices = [term.id for term in library.vocabularies["practices"]]
    return {
        "kinds": [
            {
                "name": kind,
                "link": Link(t(f"collection.{path}"), site.url(path)),
                "description": t(f"collection.{path}.description"),
                "count": t.count(f"count.{kind}s", len(library.of_kind(kind))),
            }
            for path, kind in COLLECTIONS.items()
        ],
        "latest": site.cards(latest),
        "countries": counted_links(site, "countries", library.countries),
        "themes": counted_links(site, "themes", themes)[:14],
        "practices": counted_links(site, "practices", practices)[:14],
        "all": {name: site.url(name) for name in ("countries", "themes", "practices")},
    }


def _copy(site: Site) -> dict[str, str]:
    """What the foot of an offline copy says of it; nothing on the web."""
    if not site.settings.is_copy or not site.settings.built:
        return {}
    return {
        "built": site.settings.built.isoformat(),
        "text": site.texts("copy.foot", date=site.texts.date(site.settings.built)),
        "newer": site.texts("copy.newer"),
        "address": site.addresses.site_url,
        "old": site.texts("copy.old"),
    }


def around(site: Site) -> dict[str, Any]:
    """What stands around every page of a language; made once for all of them."""

    def link(name: str) -> Link:
        if name in DOCUMENTS:
            return Link(site.texts(f"page.{name}"), site.addresses.document(name, site.lang))
        return Link(site.texts(f"collection.{name}"), site.url(name))

    return {
        "policy": policy.page(files=not site.addresses.directories),
        "home": site.url(""),
        "search": site.url("search"),
        "menu": [link(name) for name in (*MENU, "programme")],
        "foot": [
            (
                site.texts(f"foot.{group}"),
                [link(name) for name in names if name != DOWNLOADS or site.settings.downloads],
            )
            for group, names in FOOT
        ],
        "feed": f"feed_{site.lang}.xml",
        "offline": _copy(site),
        "built": site.texts.date(site.settings.built) if site.settings.built else "",
        "publisher": site.settings.publisher,
        "contact": site.settings.contact,
        "contact_url": contact_url(site.settings.contact),
    }
