"""The newest products as a feed (Atom 1.0, RFC 4287)."""

from __future__ import annotations

import xml.etree.ElementTree as etree
from datetime import date
from itertools import islice

from capitalise.data import xml
from capitalise.data.identifiers import file_url, page_url, product_uri, scheme_uri
from capitalise.data.selection import is_published, licence, licence_url
from capitalise.library import Library, Product
from capitalise.settings import Settings

LENGTH = 30
"""Products in a feed: more than a reader misses in a holiday, less than 100 kB."""


def atom(library: Library, settings: Settings, lang: str) -> str:
    """`feed_<lang>.xml`: the newest products that exist in that language.

    Its links are relative where the site does not know its address (they count from the feed, at the site's root).
    """
    own = file_url(settings, f"feed_{lang}.xml")
    newest = [*islice((p for p in library.listed if is_published(p) and lang in p.texts), LENGTH)]
    updated = newest[0].fields.date if newest else settings.built or library.today
    feed = xml.root("feed", xmlns="http://www.w3.org/2005/Atom", xml_lang=lang)
    xml.add(feed, "id", own or f"urn:capitalise:feed:{lang}")
    xml.add(feed, "title", settings.name)
    if sentence := settings.description.get(lang):
        xml.add(feed, "subtitle", sentence)
    xml.add(feed, "updated", _midnight(updated))
    xml.add(xml.add(feed, "author"), "name", settings.publisher or settings.name)
    xml.add(feed, "link", rel="alternate", type="text/html", hreflang=lang, href=_page(settings, "", lang))
    xml.add(feed, "link", rel="self", type="application/atom+xml", href=own or f"feed_{lang}.xml")
    for product in newest:
        _entry(feed, product, library, settings, lang)
    return xml.document(feed)


def _entry(feed: etree.Element, product: Product, library: Library, settings: Settings, lang: str) -> None:
    fields = product.texts[lang].fields
    entry = xml.add(feed, "entry")
    xml.add(entry, "id", product_uri(settings, product, lang))
    xml.add(entry, "title", fields.title)
    xml.add(entry, "updated", _midnight(fields.date))
    xml.add(entry, "published", _midnight(fields.date))
    for author in fields.authors:
        person = xml.add(entry, "author")
        xml.add(person, "name", author.name)
        if author.orcid:
            xml.add(person, "uri", f"https://orcid.org/{author.orcid}")
    xml.add(entry, "link", rel="alternate", type="text/html", hreflang=lang, href=_page(settings, product.id, lang))
    spdx = licence(product, settings)
    if url := licence_url(spdx):
        xml.add(entry, "link", rel="license", href=url)  # RFC 4946
    for theme in fields.themes:
        term = library.term("themes", theme)
        label = term.name(lang) if term else theme
        xml.add(entry, "category", term=theme, scheme=scheme_uri(settings, "themes"), label=label)
    xml.add(entry, "rights", spdx)
    xml.add(entry, "summary", fields.summary)


def _page(settings: Settings, path: str, lang: str) -> str:
    return page_url(settings, path, lang) or settings.addresses.page(path, lang)


def _midnight(day: date) -> str:
    return f"{day.isoformat()}T00:00:00Z"
