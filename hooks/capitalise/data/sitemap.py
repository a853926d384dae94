"""The list of pages for search engines (sitemaps.org 0.9, with Google's hreflang alternates)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from capitalise.data import xml


@dataclass(frozen=True)
class Entry:
    """One page in the languages in which it truly exists."""

    addresses: Mapping[str, str]
    """Language → absolute address, the default language first."""
    lastmod: date | None = None


def sitemap(entries: Iterable[Entry]) -> str:
    """`sitemap.xml`: one `url` for each page and language, each with all the languages of its page.

    Sorted by address. The protocol's limit is 50,000 addresses a file.
    """
    found = {address: entry for entry in entries for address in entry.addresses.values()}
    urls = xml.root(
        "urlset", xmlns="http://www.sitemaps.org/schemas/sitemap/0.9", xmlns_xhtml="http://www.w3.org/1999/xhtml"
    )
    for address, entry in sorted(found.items(), key=lambda pair: pair[0]):
        url = xml.add(urls, "url")
        xml.add(url, "loc", address)
        if entry.lastmod:
            xml.add(url, "lastmod", entry.lastmod.isoformat())
        if len(entry.addresses) > 1:
            default = next(iter(entry.addresses.values()))
            for lang, other in (*entry.addresses.items(), ("x-default", default)):
                xml.add(url, "xhtml:link", rel="alternate", hreflang=lang, href=other)
    return xml.document(urls)
