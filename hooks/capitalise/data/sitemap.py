"""The list of pages for search engines (sitemaps.org 0.9, with Google's hreflang alternates)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from capitalise.data import xml
from capitalise.views.base import Page, Site


@dataclass(frozen=True)
class Entry:
    """One page in the languages in which it truly exists."""

    addresses: Mapping[str, str]
    """Language → absolute address, the default language first."""
    lastmod: date | None = None


def entries(
    sites: Mapping[str, Site], pages: Mapping[str, Sequence[Page]], others: Iterable[Mapping[str, str]]
) -> Iterator[Entry]:
    """The pages that search engines should know, by language, each with the languages in which it truly exists.

    `others` gives the addresses, by language, of each page that the library does not know.
    """
    site = next(iter(sites.values()))
    found: dict[str, dict[str, str]] = {}
    for lang, some in pages.items():
        for page in some:
            if page.indexed and lang in page.languages:
                found.setdefault(page.path, {})[lang] = sites[lang].url(page.path)
    for path, urls in (*found.items(), *(("", urls) for urls in others)):
        product = site.library.products.get(path)
        addresses = {lang: site.addresses.absolute(url) for lang, url in urls.items()}
        yield Entry(addresses, product.fields.date if product else None)


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
