"""Pages at former addresses that lead to the new ones, without a server and without a script."""

from __future__ import annotations

from collections.abc import Iterator

from markupsafe import Markup

from capitalise import policy
from capitalise.addresses import relative
from capitalise.views.base import Site

_PAGE = Markup(
    '<!doctype html>\n<html lang="{lang}"><head><meta charset="utf-8">'
    '<meta http-equiv="Content-Security-Policy" content="{policy}"><title>{title}</title>\n'
    '<meta name="robots" content="noindex"><link rel="canonical" href="{canonical}"><link rel="icon" href="{icon}">\n'
    '<meta http-equiv="refresh" content="0; url={link}"></head>\n'
    '<body><p>{words} <a href="{link}">{title}</a></p></body></html>\n'
)


def pages(site: Site) -> Iterator[tuple[str, str]]:
    """Path of the file and its HTML, for each former id of a product."""
    for alias, product_id in sorted(site.library.aliases.items()):
        product = site.library.products[product_id]
        here, there = site.url(alias), site.url(product_id)
        path = here if here.endswith(".html") else f"{here}index.html"
        yield (
            path,
            str(
                _PAGE.format(
                    lang=site.lang,
                    policy=policy.alone(),
                    title=product.text(site.lang).fields.title,
                    canonical=site.addresses.absolute(there) if site.addresses.site_url else relative(there, here),
                    link=relative(there, here),
                    icon=relative("assets/favicon.svg", here),
                    words=site.texts("redirect.words"),
                )
            ),
        )
