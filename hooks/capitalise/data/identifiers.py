"""The URI of each thing: what other programs know it by, so it must not change with the way the site is built.

It is the absolute address of the page in its `/` form, which holds on a server whatever `use_directory_urls` says.
A site that does not know its own address gives a URN instead: `urn:capitalise:themes:agroforestry`.
"""

from __future__ import annotations

from dataclasses import replace

from capitalise.library import Product
from capitalise.settings import Settings


def page_url(settings: Settings, path: str, lang: str) -> str:
    """Absolute address of a generated page; empty where the site's own is not known."""
    if not settings.addresses.site_url:
        return ""
    if settings.addresses.flat:  # its pages know where they stand on the web
        return settings.addresses.absolute(settings.addresses.page(path, lang))
    addresses = replace(settings.addresses, directories=True)
    return addresses.absolute(addresses.page(path, lang))


def file_url(settings: Settings, address: str) -> str:
    """Absolute address of a file, from the one relative to the site's root; empty where the site's is not known."""
    return settings.addresses.absolute(address) if settings.addresses.site_url else ""


def product_uri(settings: Settings, product: Product, lang: str) -> str:
    """A product in a language that it exists in."""
    return page_url(settings, product.id, lang) or _urn(f"{product.id}/{lang}")


def scheme_uri(settings: Settings, vocabulary: str) -> str:
    """A vocabulary."""
    return page_url(settings, vocabulary, settings.default_lang) or _urn(vocabulary)


def term_uri(settings: Settings, vocabulary: str, term_id: str) -> str:
    """A term: its page in the default language, or its place on the glossary's page."""
    if vocabulary == "glossary" and settings.addresses.site_url:
        return f"{scheme_uri(settings, vocabulary)}#{term_id}"
    path = f"{vocabulary}/{term_id}"
    return page_url(settings, path, settings.default_lang) or _urn(path)


def site_uri(settings: Settings) -> str:
    """The site itself."""
    return settings.addresses.site_url or _urn("site")


def _urn(path: str) -> str:
    return "urn:capitalise:" + path.replace("/", ":")
