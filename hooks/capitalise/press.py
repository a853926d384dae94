"""From what a page shows to its HTML: the templates in `overrides/`, which need no site generator.

The same templates print the pages written by hand, through MkDocs: `shared` and `frame` give both the same context.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from jinja2 import Environment, FileSystemLoader, meta, pass_context
from jinja2.runtime import Context
from markupsafe import Markup

from capitalise import addresses
from capitalise.store import digest
from capitalise.views import home
from capitalise.views.base import Link, Page, Place, Site
from capitalise.views.preview import Preview

LOST = "404.html"
"""The page for what is not there: one for all languages, found at any depth."""

BUILT = "\ue000built\ue000"
"""Stands for the day of the build: signs that no text has (Unicode's private use)."""

_ABSOLUTE = re.compile(r"[a-z][a-z0-9+.-]*:|/|#", re.IGNORECASE)


class Press:
    """Prints the pages of a library's sites."""

    def __init__(self, sites: Mapping[str, Site], templates: Path, preview: Preview | None = None) -> None:
        self.sites, self.preview = sites, preview
        self.environment = Environment(
            loader=FileSystemLoader(templates), autoescape=True, trim_blocks=True, lstrip_blocks=True, auto_reload=False
        )
        self.environment.filters |= FILTERS
        self._shared: dict[str, dict[str, Any]] = {}
        self._templates: dict[str, bytes] = {}

    def shared(self, site: Site) -> dict[str, Any]:
        """What every page of a language has in common; made once."""
        if site.lang not in self._shared:
            self._shared[site.lang] = shared(site)
        return self._shared[site.lang]

    def own(self, site: Site, page: Page) -> dict[str, Any]:
        """What the page's template is given beside what all have in common: plain values, of which `repr` tells all."""
        context = frame(self.sites, page.place(site), site.url(page.path))
        context |= {"title": page.title, "description": page.description, "crumbs": page.crumbs, "view": page.view()}
        if self.preview:
            context["preview"] = self.preview.around(site, page.path)
        return context

    def print(self, site: Site, page: Page, own: Mapping[str, Any]) -> str:
        """The HTML of a page, from what is its `own`; the day of the build is not yet in it (`dated`)."""
        common = self.shared(site)
        undated = common | {"site": common["site"] | {"built": BUILT}}
        return self.environment.get_template(f"capitalise/{page.template}").render(undated | own)

    def dated(self, site: Site, html: str) -> str:
        """The HTML of a page with the day of the build, which no kept page holds: it would last one day."""
        return html.replace(BUILT, self.shared(site)["site"]["built"])

    def key(self, site: Site, page: Page, own: Mapping[str, Any]) -> bytes:
        """Hash of all that a page's HTML is made from, but for the program and its texts."""
        common = self.shared(site)["site"] | {"built": ""}
        return digest(site.lang, repr(common), self._template(f"capitalise/{page.template}"), repr(own))

    def _template(self, name: str) -> bytes:
        """Hash of a template and of all that it takes from others."""
        if name not in self._templates:
            source = self.environment.loader.get_source(self.environment, name)[0]
            others = sorted(filter(None, meta.find_referenced_templates(self.environment.parse(source))))
            self._templates[name] = digest(source, *map(self._template, others))
        return self._templates[name]

    def lost(self, site: Site) -> str:
        """The page for what is not there, whose links work at any depth."""
        ways = [(lang, one.texts, Link(one.texts("page.home"), one.url(""))) for lang, one in self.sites.items()]
        base = urlsplit(site.addresses.site_url or "/").path
        switch = [(lang, one.texts("language.name"), one.url("")) for lang, one in self.sites.items()]
        context = self.shared(site) | {"base": base, "here": None, "sites": ways, "switch": switch}
        return self.environment.get_template(LOST).render(context)


def shared(site: Site) -> dict[str, Any]:
    """What every page of a language has in common, for any template."""
    return {
        "t": site.texts,
        "site": home.around(site) | {"name": site.settings.name, "stylesheets": site.settings.stylesheets},
        "lang_code": site.lang,
        "direction": site.texts.locale.text_direction,
    }


def frame(sites: Mapping[str, Site], place: Place, here: str) -> dict[str, Any]:
    """What the head and the language switch of a page at the address `here` need."""
    settings = next(iter(sites.values())).settings
    return {
        "here": here,
        "content_lang": place.content_lang,
        "indexed": place.indexed,
        "canonical": settings.addresses.absolute(place.canonical) if settings.addresses.site_url else "",
        "hreflang": [(lang, settings.addresses.absolute(place.here[lang])) for lang in place.alternates],
        "switch": [(lang, one.texts("language.name"), place.here[lang]) for lang, one in sites.items()],
    }


@pass_context
def _url(context: Context, address: str) -> str:
    """The way from the page that is printed to an address of the site; an address of elsewhere as it is."""
    if _ABSOLUTE.match(address):
        return address
    if context["here"] is None:
        return posixpath.join(context["base"], address.removeprefix("./"))
    return addresses.relative(address, context["here"])


@pass_context
def _rebased(context: Context, html: str) -> Markup:
    """Safe HTML with its links fit for the page that shows it."""
    return Markup(addresses.rebase(html, context["here"]))


FILTERS = {"url": _url, "rebased": _rebased}
"""What our templates call, whoever runs them."""
