"""What machines read in the head of a product's page: Dublin Core, Highwire's tags, schema.org in JSON-LD.

The page tells of the product in the language asked for, or of its original where that is not translated; these say
the same. Values are plain texts: who writes them into HTML escapes them. Each page carries these on a dear connection:
what one vocabulary says in full (sources, keywords, the summary) the others do not repeat.
"""

from __future__ import annotations

import json
from collections.abc import Iterator

from capitalise.data import schema_org
from capitalise.data.identifiers import page_url, product_uri
from capitalise.data.selection import coordinates, is_published, licence, licence_url
from capitalise.library import Library, Product
from capitalise.locales import texts
from capitalise.settings import Settings

Tags = list[tuple[str, str]]


def dublin_core(product: Product, library: Library, settings: Settings, lang: str) -> Tags:
    """(name, content) of `meta` elements: DCMI Metadata Terms, written as DCMI asks (DC-HTML, 2008)."""
    return [(name, content) for name, content in _dublin_core(product, library, settings, lang) if content]


def _dublin_core(product: Product, library: Library, settings: Settings, lang: str) -> Iterator[tuple[str, str]]:
    text = product.text(lang)
    fields, words = text.fields, texts(text.lang)
    spdx = licence(product, settings)
    yield "DC.title", fields.title
    for author in fields.authors:
        yield "DC.creator", author.name
    for person in (*fields.reviewers, *fields.translators):
        yield "DC.contributor", person.name
    yield "DC.publisher", settings.publisher or settings.name
    for theme in fields.themes:
        term = library.term("themes", theme)
        yield "DC.subject", term.name(text.lang) if term else theme
    yield "DC.date", fields.date.isoformat()
    yield "DC.type", "Text"
    yield "DC.format", "text/html"
    yield "DC.language", text.lang
    yield "DC.identifier", product_uri(settings, product, text.lang)
    for code in fields.countries:
        yield "dcterms.spatial", words.country(code)
    for place in getattr(fields, "places", ()):
        latitude, longitude = coordinates(place)
        name = place.name.replace(";", ",")
        yield "dcterms.spatial", f"name={name}; east={longitude}; north={latitude}"  # DCMI Point
    if period := getattr(fields, "period", None):
        end = f" end={period.end};" if period.end else ""
        yield "dcterms.temporal", f"start={period.start};{end}"  # DCMI Period
    if product.kind.name == "module" and is_published(course := library.course_of(product)):
        yield "dcterms.isPartOf", product_uri(settings, course, course.text(text.lang).lang)
    yield "DC.rights", spdx
    yield "dcterms.license", licence_url(spdx)


def highwire(product: Product, library: Library, settings: Settings, lang: str) -> Tags:
    """(name, content) of `meta` elements: Highwire Press's tags, as Google Scholar and Zotero read them."""
    return [(name, content) for name, content in _highwire(product, settings, lang) if content]


def _highwire(product: Product, settings: Settings, lang: str) -> Iterator[tuple[str, str]]:
    text = product.text(lang)
    fields, url = text.fields, page_url(settings, product.id, text.lang)
    yield "citation_title", fields.title
    for author in fields.authors:
        yield "citation_author", author.name
        yield "citation_author_institution", author.organisation or ""
        yield "citation_author_orcid", f"https://orcid.org/{author.orcid}" if author.orcid else ""
    yield "citation_publication_date", fields.date.strftime("%Y/%m/%d")
    yield "citation_language", text.lang
    for keyword in fields.keywords:
        yield "citation_keywords", keyword
    yield "citation_publisher", settings.publisher or settings.name
    if product.kind.schema_type == "Report":
        yield "citation_technical_report_institution", settings.publisher or settings.name
    yield "citation_public_url", url
    yield "citation_fulltext_html_url", url


_IN_SCRIPT = str.maketrans({char: f"\\u{ord(char):04x}" for char in "<>&\u2028\u2029"})


def json_ld(product: Product, library: Library, settings: Settings, lang: str) -> str:
    """The body of a `script type="application/ld+json"`, which no value can close or leave."""
    graph = [schema_org.product(product, library, settings, lang)]
    if settings.addresses.site_url:
        graph.append(schema_org.breadcrumbs(product, library, settings, lang))
    document = {"@context": "https://schema.org", "@graph": graph}
    return json.dumps(document, ensure_ascii=False, separators=(",", ":")).translate(_IN_SCRIPT)
